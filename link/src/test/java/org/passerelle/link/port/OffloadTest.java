package org.passerelle.link.port;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.passerelle.link.port.Frame.Gso;
import org.passerelle.link.wire.CapturedFrames;

class OffloadTest {
  private static final String NEEDS_CSUM_TCP_V4 = "0100" + "0000" + "0000" + "2200" + "1000";

  /** Ones' complement sums of addresses, protocol and length, reckoned by hand. */
  private static final String PSEUDO_V4 = "142f"; // 0a00+0001+0a00+0002+0006+0026

  private static final String PSEUDO_V6 = "fa32"; // fd00+0001+fd00+0002+0006+0028, carry added

  private final Offload offload = new Offload();

  /** The captured TCP segment, its checksum as whoever offloads it leaves it. */
  private static Frame blankV4() {
    Frame frame = Frames.of(CapturedFrames.TCP_PUSH.replace("123c", PSEUDO_V4));
    frame.checksum(true, true);
    return frame;
  }

  private static void header(Frame frame, String hex) {
    MemorySegment.copy(CapturedFrames.memory(hex), 0, frame.memory(), Frame.VNET_HEADER, 10);
  }

  @Nested
  class ToVnetHeader {

    @Test
    void aCompleteFrameHasNothingToSay() {
      Frame frame = Frames.of(CapturedFrames.TCP_PUSH);
      header(frame, "a5a5a5a5a5a5a5a5a5a5");
      assertThat(offload.toVnetHeader(frame)).isTrue();
      assertThat(Frames.vnetHeader(frame)).isEqualTo("00000000000000000000");
      frame.checksum(false, true);
      assertThat(offload.toVnetHeader(frame)).isTrue();
      assertThat(Frames.vnetHeader(frame)).isEqualTo("02000000000000000000");
    }

    @Test
    void aBlankChecksumIsFoundInTheHeaders() {
      Frame frame = blankV4();
      header(frame, "a5a5a5a5a5a5a5a5a5a5");
      assertThat(offload.toVnetHeader(frame)).isTrue();
      assertThat(Frames.vnetHeader(frame)).isEqualTo(NEEDS_CSUM_TCP_V4);
    }

    @Test
    void behindATagToo() {
      Frame frame = Frames.of(CapturedFrames.tagged(CapturedFrames.UDP, 7));
      frame.checksum(true, true);
      assertThat(offload.toVnetHeader(frame)).isTrue();
      assertThat(Frames.vnetHeader(frame)).isEqualTo("0100" + "0000" + "0000" + "2600" + "0600");
    }

    @Test
    void aTcpFrameToBeSegmentedTellsItsHeadersAndItsSegmentSize() {
      Frame frame = blankV4();
      frame.gso(Gso.TCP_V4, 1448);
      assertThat(offload.toVnetHeader(frame)).isTrue();
      assertThat(Frames.vnetHeader(frame)).isEqualTo("0101" + "4200" + "a805" + "2200" + "1000");

      Frame v6 = Frames.of(CapturedFrames.TCP_SYN_V6.replace("45d7", PSEUDO_V6));
      v6.checksum(true, true);
      v6.gso(Gso.TCP_V6, 1428);
      assertThat(offload.toVnetHeader(v6)).isTrue();
      assertThat(Frames.vnetHeader(v6)).isEqualTo("0104" + "5e00" + "9405" + "3600" + "1000");
    }

    @Test
    void aFrameToBeSegmentedWithItsChecksumDoneGetsItBlanked() {
      Frame frame = Frames.of(CapturedFrames.TCP_PUSH);
      frame.gso(Gso.TCP_V4, 1448);
      assertThat(offload.toVnetHeader(frame)).isTrue();
      assertThat(frame.checksumBlank()).isTrue();
      assertThat(Frames.hex(frame)).isEqualTo(Frames.hex(blankV4()));

      Frame v6 = Frames.of(CapturedFrames.TCP_SYN_V6);
      v6.gso(Gso.TCP_V6, 1428);
      assertThat(offload.toVnetHeader(v6)).isTrue();
      assertThat(Frames.hex(v6)).contains("fd20" + PSEUDO_V6 + "0000");
    }

    @Test
    void thePseudoHeaderLeavesPaddingOut() {
      Frame frame = Frames.of(CapturedFrames.TCP_PUSH + "0000");
      frame.gso(Gso.TCP_V4, 1448);
      assertThat(offload.toVnetHeader(frame)).isTrue();
      assertThat(Frames.hex(frame)).isEqualTo(Frames.hex(blankV4()) + "0000");
    }

    @Test
    void metadataThatTheFrameDoesNotBearAreRefused() {
      assertRefused(CapturedFrames.ARP_REQUEST, Gso.NONE, 0);
      assertRefused(CapturedFrames.ECHO_REQUEST_V4, Gso.NONE, 0);
      assertRefused(CapturedFrames.UDP.replace("26c7 4000", "26c7 2000"), Gso.NONE, 0); // fragment
      assertRefused(CapturedFrames.UDP, Gso.TCP_V4, 1448);
      assertRefused(CapturedFrames.TCP_PUSH, Gso.TCP_V6, 1448);
      assertRefused(CapturedFrames.TCP_PUSH, Gso.TCP_V4, 0);
      assertRefused(
          CapturedFrames.TCP_PUSH.replace("80 18", "f0 18"), Gso.TCP_V4, 1448); // 60 of 38
      assertRefused(CapturedFrames.TCP_PUSH.replace("80 18", "40 18"), Gso.TCP_V4, 1448); // 16
    }

    private void assertRefused(String hex, Gso gso, int size) {
      Frame frame = Frames.of(hex);
      frame.checksum(true, true);
      frame.gso(gso, size);
      assertThat(offload.toVnetHeader(frame)).as("%s %s %d", frame, gso, size).isFalse();
    }
  }

  @Nested
  class FromVnetHeader {

    @Test
    void plainAndValid() {
      Frame frame = blankV4();
      header(frame, "00000000000000000000");
      assertThat(offload.fromVnetHeader(frame)).isTrue();
      assertThat(frame.checksumBlank()).isFalse();
      assertThat(frame.dataValidated()).isFalse();
      header(frame, "02000000000000000000");
      assertThat(offload.fromVnetHeader(frame)).isTrue();
      assertThat(frame.dataValidated()).isTrue();
    }

    @Test
    void blankAndSegmented() {
      Frame frame = Frames.of(CapturedFrames.TCP_PUSH);
      header(frame, "0181" + "4200" + "a805" + "2200" + "1000"); // with the ECN bit
      assertThat(offload.fromVnetHeader(frame)).isTrue();
      assertThat(frame.checksumBlank()).isTrue();
      assertThat(frame.dataValidated()).isTrue();
      assertThat(frame.gso()).isEqualTo(Gso.TCP_V4);
      assertThat(frame.gsoSize()).isEqualTo(1448);
    }

    @Test
    void aBlankChecksumElsewhereIsFilledInHere() {
      // Says: sum from octet 42 on, into octet 46, as for a datagram inside a tunnel's UDP.
      Frame frame = Frames.of(CapturedFrames.UDP.replace("68656c6c6f0a", "123400000001"));
      header(frame, "0100" + "0000" + "0000" + "2a00" + "0400");
      assertThat(offload.fromVnetHeader(frame)).isTrue();
      assertThat(frame.checksumBlank()).isFalse();
      assertThat(frame.dataValidated()).isTrue();
      assertThat(Frames.hex(frame)).endsWith("12340000" + "edca"); // ~(1234 + 0001)
    }

    @Test
    void whatCannotBeCarriedOnIsRefused() {
      assertRefused("0103" + "4200" + "a805" + "2200" + "1000"); // UDP fragmentation
      assertRefused("0105" + "4200" + "a805" + "2200" + "1000"); // UDP segmentation
      assertRefused("0001" + "4200" + "a805" + "0000" + "0000"); // segments without a checksum
      assertRefused("0101" + "4200" + "0000" + "2200" + "1000"); // segments of no size
      assertRefused("0101" + "4200" + "a805" + "2000" + "1000"); // checksum elsewhere
      assertRefused("0100" + "0000" + "0000" + "4000" + "1000"); // checksum behind the end
      assertRefused("0100" + "0000" + "0000" + "ffff" + "ffff");
    }

    private void assertRefused(String header) {
      Frame frame = Frames.of(CapturedFrames.TCP_PUSH);
      header(frame, header);
      assertThat(offload.fromVnetHeader(frame)).as(header).isFalse();
    }
  }

  @Nested
  class CompleteChecksum {

    @Test
    void givesTheOneThatWasOnTheWire() {
      Frame frame = blankV4();
      assertThat(offload.completeChecksum(frame)).isTrue();
      assertThat(Frames.hex(frame)).isEqualTo(CapturedFrames.TCP_PUSH.replace(" ", ""));
      assertThat(frame.checksumBlank()).isFalse();

      Frame v6 = Frames.of(CapturedFrames.TCP_SYN_V6.replace("45d7", PSEUDO_V6));
      v6.checksum(true, true);
      assertThat(offload.completeChecksum(v6)).isTrue();
      assertThat(Frames.hex(v6)).isEqualTo(CapturedFrames.TCP_SYN_V6.replace(" ", ""));
    }

    @Test
    void leavesPaddingOut() {
      Frame frame = Frames.of(CapturedFrames.TCP_PUSH.replace("123c", PSEUDO_V4) + "deadbeef");
      frame.checksum(true, true);
      assertThat(offload.completeChecksum(frame)).isTrue();
      assertThat(Frames.hex(frame)).startsWith(CapturedFrames.TCP_PUSH.replace(" ", ""));
    }

    @Test
    void touchesNoCompleteFrameAndRefusesWhatHasNone() {
      Frame complete = Frames.of(CapturedFrames.ARP_REPLY);
      assertThat(offload.completeChecksum(complete)).isTrue();
      assertThat(Frames.hex(complete)).isEqualTo(CapturedFrames.ARP_REPLY.replace(" ", ""));
      complete.checksum(true, true);
      assertThat(offload.completeChecksum(complete)).isFalse();
    }
  }

  @Property
  void noFrameAndNoHeaderThrows(
      @ForAll @Size(max = 100) byte[] octets,
      @ForAll @Size(10) byte[] header,
      @ForAll boolean blank,
      @ForAll Gso gso,
      @ForAll @IntRange(max = 0xFFFF) int size) {
    Frame frame = Frames.of(HexFormat.of().formatHex(octets));
    frame.checksum(blank, false);
    frame.gso(gso, size);
    offload.toVnetHeader(frame);
    header(frame, HexFormat.of().formatHex(header));
    offload.fromVnetHeader(frame);
    assertThat(frame.length()).isEqualTo(octets.length);
  }
}
