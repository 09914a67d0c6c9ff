package org.passerelle.hypervisor.xenstore.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Golden octets of each message type. Those marked "seen" were recorded with strace(1) from
 * Debian's xenstore-utils 4.17; the rest follow io/xs_wire.h and docs/misc/xenstore.txt.
 */
class XsMessageTest {
  /** One message: what it is, its header and payload in hexadecimal, and what they mean. */
  record Golden(String what, String header, String payload, XsMessage message) {
    byte[] octets() {
      return HexFormat.of().parseHex((header + payload).replaceAll("\\s", ""));
    }

    @Override
    public String toString() {
      return what;
    }
  }

  private static Golden golden(
      String what, String header, String payload, XsType type, int request, int tx, String text) {
    byte[] octets = text.getBytes(StandardCharsets.ISO_8859_1);
    return new Golden(what, header, payload, XsMessage.of(type, request, tx, octets));
  }

  static List<Golden> messages() {
    return List.of(
        //               type      request   tx        length
        golden( // "check" NUL
            "CONTROL asks",
            "00000000 01000000 00000000 06000000",
            "636865636b 00",
            XsType.CONTROL,
            1,
            0,
            "check\0"),
        golden( // "/a" NUL
            "DIRECTORY asks",
            "01000000 02000000 00000000 03000000",
            "2f61 00",
            XsType.DIRECTORY,
            2,
            0,
            "/a\0"),
        golden( // "b" NUL "c" NUL: the names, each ended
            "DIRECTORY answers",
            "01000000 02000000 00000000 04000000",
            "62 00 63 00",
            XsType.DIRECTORY,
            2,
            0,
            "b\0c\0"),
        golden( // seen: "/a/b" NUL
            "READ asks",
            "02000000 00000000 00000000 05000000",
            "2f612f62 00",
            XsType.READ,
            0,
            0,
            "/a/b\0"),
        golden( // seen: "1", no NUL
            "READ answers", "02000000 00000000 00000000 01000000", "31", XsType.READ, 0, 0, "1"),
        golden( // "n0" NUL "r5" NUL
            "GET_PERMS answers",
            "03000000 04030201 00000000 06000000",
            "6e30 00 7235 00",
            XsType.GET_PERMS,
            0x01020304,
            0,
            "n0\0r5\0"),
        golden( // seen: path NUL token NUL
            "WATCH asks",
            "04000000 00000000 00000000 06000000",
            "2f61 00 2f61 00",
            XsType.WATCH,
            0,
            0,
            "/a\0/a\0"),
        golden( // seen
            "WATCH answers",
            "04000000 00000000 00000000 03000000",
            "4f4b 00",
            XsType.WATCH,
            0,
            0,
            "OK\0"),
        golden(
            "UNWATCH asks",
            "05000000 07000000 00000000 05000000",
            "2f61 00 74 00",
            XsType.UNWATCH,
            7,
            0,
            "/a\0t\0"),
        golden( // seen: NUL alone
            "TRANSACTION_START asks",
            "06000000 00000000 00000000 01000000",
            "00",
            XsType.TRANSACTION_START,
            0,
            0,
            "\0"),
        golden( // seen: the id in decimal
            "TRANSACTION_START answers",
            "06000000 00000000 00000000 02000000",
            "31 00",
            XsType.TRANSACTION_START,
            0,
            0,
            "1\0"),
        golden( // seen: "T" commits
            "TRANSACTION_END asks",
            "07000000 00000000 01000000 02000000",
            "54 00",
            XsType.TRANSACTION_END,
            0,
            1,
            "T\0"),
        golden( // domid, frame number, event channel
            "INTRODUCE asks",
            "08000000 03000000 00000000 09000000",
            "35 00 3132333400 3200",
            XsType.INTRODUCE,
            3,
            0,
            "5\0" + "1234\0" + "2\0"),
        golden(
            "RELEASE asks",
            "09000000 03000000 00000000 02000000",
            "35 00",
            XsType.RELEASE,
            3,
            0,
            "5\0"),
        golden( // "/local/domain/5" NUL
            "GET_DOMAIN_PATH answers",
            "0a000000 03000000 00000000 10000000",
            "2f6c6f63616c 2f646f6d61696e 2f35 00",
            XsType.GET_DOMAIN_PATH,
            3,
            0,
            "/local/domain/5\0"),
        golden( // seen: path NUL value; within transaction 1
            "WRITE asks",
            "0b000000 00000000 01000000 06000000",
            "2f612f62 00 31",
            XsType.WRITE,
            0,
            1,
            "/a/b\0" + "1"),
        golden(
            "MKDIR asks",
            "0c000000 09000000 00000000 03000000",
            "2f61 00",
            XsType.MKDIR,
            9,
            0,
            "/a\0"),
        golden( // the highest ids: unsigned
            "RM asks", "0d000000 ffffffff feffffff 03000000", "2f61 00", XsType.RM, -1, -2, "/a\0"),
        golden( // seen: path, then the permissions, owner first
            "SET_PERMS asks",
            "0e000000 00000000 01000000 0b000000",
            "2f612f62 00 6e30 00 7235 00",
            XsType.SET_PERMS,
            0,
            1,
            "/a/b\0n0\0r5\0"),
        golden( // seen: path NUL token NUL; both ids are 0
            "WATCH_EVENT",
            "0f000000 00000000 00000000 06000000",
            "2f61 00 2f61 00",
            XsType.WATCH_EVENT,
            0,
            0,
            "/a\0/a\0"),
        golden( // the error's name, not its number
            "ERROR",
            "10000000 05000000 00000000 07000000",
            "454e4f454e54 00",
            XsType.ERROR,
            5,
            0,
            "ENOENT\0"),
        golden(
            "IS_DOMAIN_INTRODUCED answers",
            "11000000 05000000 00000000 02000000",
            "54 00",
            XsType.IS_DOMAIN_INTRODUCED,
            5,
            0,
            "T\0"),
        golden(
            "RESUME asks",
            "12000000 05000000 00000000 02000000",
            "37 00",
            XsType.RESUME,
            5,
            0,
            "7\0"),
        golden( // domain 8 acts for domain 7
            "SET_TARGET asks",
            "13000000 05000000 00000000 04000000",
            "38 00 37 00",
            XsType.SET_TARGET,
            5,
            0,
            "8\0" + "7\0"),
        golden( // 20 is nobody's
            "RESET_WATCHES asks",
            "15000000 05000000 00000000 01000000",
            "00",
            XsType.RESET_WATCHES,
            5,
            0,
            "\0"),
        golden( // path, offset in the list
            "DIRECTORY_PART asks",
            "16000000 05000000 00000000 08000000",
            "2f61 00 34303936 00",
            XsType.DIRECTORY_PART,
            5,
            0,
            "/a\0" + "4096\0"),
        golden( // generation, names, and an empty name behind the last
            "DIRECTORY_PART answers",
            "16000000 05000000 00000000 06000000",
            "3132 00 62 00 00",
            XsType.DIRECTORY_PART,
            5,
            0,
            "12\0b\0\0"),
        golden(
            "GET_FEATURE answers",
            "17000000 05000000 00000000 02000000",
            "34 00",
            XsType.GET_FEATURE,
            5,
            0,
            "4\0"),
        golden(
            "SET_FEATURE asks",
            "18000000 05000000 00000000 04000000",
            "37 00 34 00",
            XsType.SET_FEATURE,
            5,
            0,
            "7\0" + "4\0"),
        golden( // "nodes" NUL
            "GET_QUOTA asks",
            "19000000 05000000 00000000 06000000",
            "6e6f646573 00",
            XsType.GET_QUOTA,
            5,
            0,
            "nodes\0"),
        golden( // "nodes" NUL "9" NUL
            "SET_QUOTA asks",
            "1a000000 05000000 00000000 08000000",
            "6e6f646573 00 39 00",
            XsType.SET_QUOTA,
            5,
            0,
            "nodes\0" + "9\0"),
        golden( // what the command says
            "CONTROL answers",
            "00000000 05000000 00000000 03000000",
            "4f4b00",
            XsType.CONTROL,
            5,
            0,
            "OK\0"),
        golden( // path
            "GET_PERMS asks",
            "03000000 05000000 00000000 03000000",
            "2f6100",
            XsType.GET_PERMS,
            5,
            0,
            "/a\0"),
        golden( // done
            "UNWATCH answers",
            "05000000 05000000 00000000 03000000",
            "4f4b00",
            XsType.UNWATCH,
            5,
            0,
            "OK\0"),
        golden( // F gives it up
            "TRANSACTION_END aborts",
            "07000000 05000000 00000000 02000000",
            "4600",
            XsType.TRANSACTION_END,
            5,
            0,
            "F\0"),
        golden( // done; ERROR EAGAIN where another came between
            "TRANSACTION_END answers",
            "07000000 05000000 00000000 03000000",
            "4f4b00",
            XsType.TRANSACTION_END,
            5,
            0,
            "OK\0"),
        golden( // done
            "INTRODUCE answers",
            "08000000 05000000 00000000 03000000",
            "4f4b00",
            XsType.INTRODUCE,
            5,
            0,
            "OK\0"),
        golden( // done
            "RELEASE answers",
            "09000000 05000000 00000000 03000000",
            "4f4b00",
            XsType.RELEASE,
            5,
            0,
            "OK\0"),
        golden( // domid in decimal
            "GET_DOMAIN_PATH asks",
            "0a000000 05000000 00000000 02000000",
            "3500",
            XsType.GET_DOMAIN_PATH,
            5,
            0,
            "5\0"),
        golden( // done
            "WRITE answers",
            "0b000000 05000000 00000000 03000000",
            "4f4b00",
            XsType.WRITE,
            5,
            0,
            "OK\0"),
        golden( // done, or there already
            "MKDIR answers",
            "0c000000 05000000 00000000 03000000",
            "4f4b00",
            XsType.MKDIR,
            5,
            0,
            "OK\0"),
        golden( // done, or nothing there below a parent that is
            "RM answers", "0d000000 05000000 00000000 03000000", "4f4b00", XsType.RM, 5, 0, "OK\0"),
        golden( // done
            "SET_PERMS answers",
            "0e000000 05000000 00000000 03000000",
            "4f4b00",
            XsType.SET_PERMS,
            5,
            0,
            "OK\0"),
        golden( // domid in decimal
            "IS_DOMAIN_INTRODUCED asks",
            "11000000 05000000 00000000 02000000",
            "3700",
            XsType.IS_DOMAIN_INTRODUCED,
            5,
            0,
            "7\0"),
        golden( // done
            "RESUME answers",
            "12000000 05000000 00000000 03000000",
            "4f4b00",
            XsType.RESUME,
            5,
            0,
            "OK\0"),
        golden( // done
            "SET_TARGET answers",
            "13000000 05000000 00000000 03000000",
            "4f4b00",
            XsType.SET_TARGET,
            5,
            0,
            "OK\0"),
        golden( // done
            "RESET_WATCHES answers",
            "15000000 05000000 00000000 03000000",
            "4f4b00",
            XsType.RESET_WATCHES,
            5,
            0,
            "OK\0"),
        golden( // nothing but NUL: the server's own
            "GET_FEATURE asks",
            "17000000 05000000 00000000 01000000",
            "00",
            XsType.GET_FEATURE,
            5,
            0,
            "\0"),
        golden( // done
            "SET_FEATURE answers",
            "18000000 05000000 00000000 03000000",
            "4f4b00",
            XsType.SET_FEATURE,
            5,
            0,
            "OK\0"),
        golden( // the value in decimal
            "GET_QUOTA answers",
            "19000000 05000000 00000000 02000000",
            "3900",
            XsType.GET_QUOTA,
            5,
            0,
            "9\0"),
        golden( // done
            "SET_QUOTA answers",
            "1a000000 05000000 00000000 03000000",
            "4f4b00",
            XsType.SET_QUOTA,
            5,
            0,
            "OK\0"));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void octetsMeanTheMessage(Golden golden) {
    byte[] octets = golden.octets();
    XsHeader header = XsHeader.parse(octets, 0);
    assertThat(header.length()).isEqualTo(octets.length - XsHeader.LENGTH);
    assertThat(XsMessage.parse(header, octets, XsHeader.LENGTH)).isEqualTo(golden.message());
  }

  @ParameterizedTest
  @MethodSource("messages")
  void theMessageGivesTheOctets(Golden golden) {
    assertThat(golden.message().encode()).isEqualTo(golden.octets());
  }

  /** WATCH_EVENT and ERROR go one way only. */
  @ParameterizedTest
  @ValueSource(strings = {"asks", "answers"})
  void eachTypeHasAGoldenMessageEachWay(String way) {
    Set<XsType> covered =
        messages().stream()
            .filter(golden -> golden.what().endsWith(way))
            .map(golden -> XsType.of(golden.message().type()).orElseThrow())
            .collect(Collectors.toSet());
    assertThat(covered)
        .isEqualTo(EnumSet.complementOf(EnumSet.of(XsType.WATCH_EVENT, XsType.ERROR)));
  }

  @Test
  void aHeaderIsWrittenWholeAndNothingBesides() {
    byte[] memory = new byte[2 + XsHeader.LENGTH + 2];
    Arrays.fill(memory, (byte) 0xa5);
    new XsHeader(0x01020304, 0x05060708, 0x090a0b0c, 0x0d0e0f10).emit(memory, 2);
    assertThat(HexFormat.of().formatHex(memory))
        .isEqualTo("a5a5" + "04030201" + "08070605" + "0c0b0a09" + "100f0e0d" + "a5a5");
  }

  @Test
  void aLengthIsReadUnsigned() {
    assertThat(new XsHeader(2, 0, 0, 4096).lengthIsLegal()).isTrue();
    assertThat(new XsHeader(2, 0, 0, 4097).lengthIsLegal()).isFalse();
    assertThat(new XsHeader(2, 0, 0, -1).lengthIsLegal()).isFalse();
  }

  @Test
  void anUnknownTypeIsKeptAsANumber() {
    assertThat(XsType.of(20)).isEmpty();
    assertThat(XsType.of(27)).isEmpty();
    assertThat(XsType.of(-1)).isEmpty();
    assertThat(XsType.nameOf(65535)).isEqualTo("type 65535");
    XsHeader header = new XsHeader(65535, 1, 0, 0);
    assertThat(XsMessage.parse(header, new byte[0], 0).type()).isEqualTo(65535);
  }

  @Test
  void noMessageIsMadeThatIsTooLong() {
    assertThatThrownBy(() -> XsMessage.event(new byte[4097]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("4097");
  }

  @Test
  void aRefusalKeepsTheRequestsIds() {
    XsMessage request = XsMessage.of(XsType.READ, 7, 9, new byte[0]);
    assertThat(request.refuse("EACCES"))
        .isEqualTo(XsMessage.of(XsType.ERROR, 7, 9, XsStrings.join("EACCES")));
  }

  @Property
  void anyPayloadComesBack(@ForAll @Size(max = 4096) byte[] payload, @ForAll int id) {
    byte[] octets = XsMessage.of(XsType.WRITE, id, ~id, payload).encode();
    XsHeader header = XsHeader.parse(octets, 0);
    assertThat(header).isEqualTo(new XsHeader(11, id, ~id, payload.length));
    assertThat(XsMessage.parse(header, octets, XsHeader.LENGTH).payload()).isEqualTo(payload);
  }

  @Test
  void stringsEndInNulAndWhatFollowsIsLeftOut() {
    byte[] payload = {'a', 0, 0, (byte) 0xff, 0, 'x'};
    assertThat(XsStrings.split(payload)).containsExactly("a", "", "\u00ff");
    assertThat(XsStrings.join("a", "", "\u00ff")).isEqualTo(Arrays.copyOf(payload, 5));
  }
}
