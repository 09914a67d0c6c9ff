package org.passerelle.link.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/** On a little-endian host, as x86 and Arm are; the header has the host's byte order. */
class VnetHeaderTest {
  private static final String TSO =
      "01"
          + "01" // NEEDS_CSUM, TCPv4
          + "4200"
          + "a805" // 66 octets of headers, segments of 1448
          + "2200"
          + "1000"; // checksum from 34, at 16 behind

  @Test
  void writesTheHeaderOfATcpFrameToBeSegmented() {
    MemorySegment header = CapturedFrames.dirty(10);
    VnetHeader.emitGso(header, 0, VnetHeader.GSO_TCP_V4, 66, 1448);
    VnetHeader.emitChecksum(header, 0, VnetHeader.NEEDS_CHECKSUM, 34, 16);
    assertThat(CapturedFrames.hex(header)).isEqualTo(TSO);
  }

  @Test
  void readsIt() {
    MemorySegment header = CapturedFrames.memory(TSO);
    assertThat(VnetHeader.flags(header, 0)).isEqualTo(VnetHeader.NEEDS_CHECKSUM);
    assertThat(VnetHeader.gsoType(header, 0)).isEqualTo(VnetHeader.GSO_TCP_V4);
    assertThat(VnetHeader.headerLength(header, 0)).isEqualTo(66);
    assertThat(VnetHeader.gsoSize(header, 0)).isEqualTo(1448);
    assertThat(VnetHeader.checksumStart(header, 0)).isEqualTo(34);
    assertThat(VnetHeader.checksumOffset(header, 0)).isEqualTo(16);
  }

  @Test
  void aPlainOneIsZeroButForItsFlags() {
    MemorySegment header = CapturedFrames.dirty(12);
    VnetHeader.emitPlain(header, 1, VnetHeader.DATA_VALID);
    assertThat(CapturedFrames.hex(header)).isEqualTo("a5" + "02000000000000000000" + "a5");
  }

  @Test
  void followsATag() {
    MemorySegment header = CapturedFrames.memory(TSO);
    VnetHeader.shift(header, 0, 4);
    assertThat(VnetHeader.checksumStart(header, 0)).isEqualTo(38);
    assertThat(VnetHeader.headerLength(header, 0)).isEqualTo(70);

    MemorySegment plain = CapturedFrames.memory("00000000000000000000");
    VnetHeader.shift(plain, 0, 4);
    assertThat(CapturedFrames.hex(plain)).isEqualTo("00000000000000000000");
  }
}
