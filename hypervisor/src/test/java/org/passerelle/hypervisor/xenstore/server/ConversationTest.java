package org.passerelle.hypervisor.xenstore.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the server answers on its socket, octet for octet. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class ConversationTest {
  @TempDir Path directory;
  private StoreServer server;
  private RawClient client;

  @BeforeEach
  void connect() throws IOException {
    server = new StoreServer();
    server.listen(directory.resolve("socket"));
    client = new RawClient(directory.resolve("socket"));
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    server.close();
  }

  /** As recorded with strace(1) from xenstore-write /a/b 1 of Debian's xenstore-utils 4.17. */
  @Test
  void aWriteInATransaction() throws IOException {
    client.sendHex("06000000 00000000 00000000 01000000 00"); // start
    assertThat(client.receiveHex()).isEqualTo("06000000000000000000000002000000 3100"); // id 1
    client.sendHex("0b000000 00000000 01000000 06000000 2f612f6200 31"); // /a/b, 1
    assertThat(client.receiveHex()).isEqualTo("0b000000000000000100000003000000 4f4b00"); // OK
    client.sendHex("07000000 00000000 01000000 02000000 5400"); // T
    assertThat(client.receiveHex()).isEqualTo("07000000000000000100000003000000 4f4b00");
    client.sendHex("02000000 2a000000 00000000 05000000 2f612f6200"); // read /a/b, request 42
    assertThat(client.receiveHex()).isEqualTo("020000002a0000000000000001000000 31");
  }

  /** As recorded from xenstore-watch /a: the answer first, then the first event. */
  @Test
  void aWatch() throws IOException {
    client.sendHex("04000000 00000000 00000000 06000000 2f6100 2f6100");
    assertThat(client.receiveHex()).isEqualTo("04000000000000000000000003000000 4f4b00");
    assertThat(client.receiveHex()).isEqualTo("0f000000000000000000000006000000 2f61002f6100");
  }

  @Test
  void anErrorIsItsNameWithTheRequestsIds() throws IOException {
    client.sendHex("02000000 07000000 00000000 03000000 2f7a00"); // read /z
    assertThat(client.receiveHex())
        .isEqualTo("10000000070000000000000007000000 454e4f454e5400"); // ENOENT
    client.sendHex("02000000 07000000 09000000 03000000 2f7a00"); // in transaction 9
    assertThat(client.receiveHex()).isEqualTo("10000000070000000900000007000000 454e4f454e5400");
  }

  @Test
  void requestsMayComeInPiecesOrTogether() throws IOException {
    byte[] two = RawClient.request(2, 1, 0, "/tool\0");
    for (byte octet : two) {
      client.send(new byte[] {octet});
    }
    assertThat(client.receiveText()).isEqualTo("2 ");
    client.sendHex(
        "02000000 01000000 00000000 06000000 2f746f6f6c00"
            + "02000000 02000000 00000000 06000000 2f746f6f6c00");
    assertThat(client.receiveHex()).startsWith("0200000001000000");
    assertThat(client.receiveHex()).startsWith("0200000002000000");
  }

  @Test
  void eachRequest() throws IOException {
    assertThat(client.ask(12, "/a/b\0")).isEqualTo("12 OK ");
    assertThat(client.ask(12, "/a/c\0")).isEqualTo("12 OK ");
    assertThat(client.ask(1, "/a\0")).isEqualTo("1 b c ");
    assertThat(client.ask(22, "/a\0" + "0\0")).matches("22 [0-9]+ b c  ");
    assertThat(client.ask(22, "/a\0" + "2\0")).matches("22 [0-9]+ c  ");
    assertThat(client.ask(22, "/a\0" + "99\0")).matches("22 [0-9]+  ");
    assertThat(client.ask(14, "/a\0n0\0r5\0")).isEqualTo("14 OK ");
    assertThat(client.ask(3, "/a\0")).isEqualTo("3 n0 r5 ");
    assertThat(client.ask(13, "/a\0")).isEqualTo("13 OK ");
    assertThat(client.ask(2, "/a\0")).isEqualTo("16 ENOENT ");
    assertThat(client.ask(10, "7\0")).isEqualTo("10 /local/domain/7 ");
    assertThat(client.ask(23, "\0")).isEqualTo("23 4 ");
    assertThat(client.ask(21, "\0")).isEqualTo("21 OK ");
    assertThat(client.ask(5, "/a\0t\0")).isEqualTo("16 ENOENT ");
  }

  @Test
  void domainsComeAndGo() throws IOException {
    assertThat(client.ask(17, "7\0")).isEqualTo("17 F ");
    assertThat(client.ask(8, "7\0" + "1234\0" + "2\0")).isEqualTo("8 OK ");
    assertThat(client.ask(17, "7\0")).isEqualTo("17 T ");
    assertThat(client.ask(17, "32752\0")).as("DOMID_SELF").isEqualTo("17 T ");
    assertThat(client.ask(18, "7\0")).isEqualTo("18 OK ");
    assertThat(client.ask(19, "7\0" + "8\0")).isEqualTo("16 ENOENT ");
    assertThat(client.ask(9, "7\0")).isEqualTo("9 OK ");
    assertThat(client.ask(9, "7\0")).isEqualTo("16 ENOENT ");
    assertThat(client.ask(9, "0\0")).isEqualTo("16 EINVAL ");
    assertThat(client.ask(8, "0\0" + "1\0" + "2\0")).isEqualTo("16 EINVAL ");
    assertThat(client.ask(8, "7\0")).isEqualTo("16 EINVAL ");
  }

  @Test
  void whatIsNoRequest() throws IOException {
    assertThat(client.ask(15, "/a\0t\0")).as("WATCH_EVENT").isEqualTo("16 ENOSYS ");
    assertThat(client.ask(16, "EINVAL\0")).as("ERROR").isEqualTo("16 ENOSYS ");
    assertThat(client.ask(20, "\0")).as("RESTRICT").isEqualTo("16 ENOSYS ");
    assertThat(client.ask(27, "\0")).isEqualTo("16 ENOSYS ");
    assertThat(client.ask(-1, "\0")).isEqualTo("16 ENOSYS ");
    assertThat(client.ask(26, "nodes\0" + "9\0")).as("SET_QUOTA").isEqualTo("16 ENOSYS ");
    assertThat(client.ask(0, "check\0")).as("CONTROL").isEqualTo("16 EINVAL ");
  }

  @Test
  void payloadsThatAreNotWhatTheyShouldBe() throws IOException {
    assertThat(client.ask(2, "")).isEqualTo("16 EINVAL ");
    assertThat(client.ask(2, "/tool")).as("no NUL").isEqualTo("16 EINVAL ");
    assertThat(client.ask(2, "/tool\0x")).as("more behind it").isEqualTo("16 EINVAL ");
    assertThat(client.ask(2, "@releaseDomain\0")).isEqualTo("16 EINVAL ");
    assertThat(client.ask(11, "/a")).isEqualTo("16 EINVAL ");
    assertThat(client.ask(4, "/a\0")).as("no token").isEqualTo("16 EINVAL ");
    assertThat(client.ask(4, "/a\0t\0-1\0")).as("a depth below 0").isEqualTo("16 EINVAL ");
    assertThat(client.ask(7, "T\0")).as("no transaction").isEqualTo("16 ENOENT ");
    assertThat(client.ask(7, "X\0")).isEqualTo("16 EINVAL ");
    assertThat(client.ask(14, "/tool\0")).as("no permission").isEqualTo("16 EINVAL ");
    assertThat(client.ask(22, "/tool\0")).isEqualTo("16 EINVAL ");
    assertThat(client.ask(10, "99999999999\0")).isEqualTo("16 EINVAL ");
    client.send(RawClient.request(6, 1, 0, "\0"));
    assertThat(client.receiveText()).isEqualTo("6 1 ");
    client.send(RawClient.request(6, 1, 1, "\0"));
    assertThat(client.receiveText()).as("within another").isEqualTo("16 EBUSY ");
  }

  @Test
  void aListTooLongForOneAnswerComesInParts() throws IOException {
    StringBuilder expected = new StringBuilder();
    for (int i = 100; i < 300; i++) {
      String name = "a-rather-long-name-of-a-child-" + i;
      assertThat(client.ask(12, "/big/" + name + "\0")).isEqualTo("12 OK ");
      expected.append(name).append(' ');
    }
    assertThat(client.ask(1, "/big\0")).isEqualTo("16 E2BIG ");
    StringBuilder seen = new StringBuilder();
    boolean last = false;
    while (!last) {
      String answer = client.ask(22, "/big\0" + seen.length() + "\0");
      String names = answer.replaceFirst("22 [0-9]+ ", "");
      last = names.endsWith("  ");
      seen.append(last ? names.substring(0, names.length() - 1) : names);
    }
    assertThat(seen.toString()).isEqualTo(expected.toString());
  }

  @Test
  void aPayloadOverTheLimitEndsThatConnectionAndNoOther() throws IOException {
    try (RawClient other = new RawClient(directory.resolve("socket"))) {
      other.sendHex("02000000 00000000 00000000 01100000"); // 4097
      assertThatThrownBy(other::receiveText).isInstanceOf(IOException.class);
    }
    assertThat(client.ask(2, "/tool\0")).isEqualTo("2 ");
    assertThat(client.ask(11, "/v\0" + "x".repeat(4093))).as("4096 octets").isEqualTo("11 OK ");
    assertThat(client.ask(2, "/v\0")).hasSize(2 + 4093);
  }
}
