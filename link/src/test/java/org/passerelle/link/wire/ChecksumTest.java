package org.passerelle.link.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ChecksumTest {

  @Test
  void sumsTheExampleOfRfc1071() {
    MemorySegment memory = CapturedFrames.memory("0001 f203 f4f5 f6f7");
    assertThat(Checksum.sum(memory, 0, 8)).isEqualTo(0xDDF2);
  }

  @Test
  void aCapturedHeaderSumsToAllOnes() {
    MemorySegment frame = CapturedFrames.memory(CapturedFrames.ECHO_REQUEST_V4);
    assertThat(Checksum.finish(Checksum.sum(frame, 14, 20))).isZero();
  }

  @Test
  void zeroIsWrittenAsAllOnes() {
    MemorySegment memory = CapturedFrames.memory("ffff 0000");
    Checksum.complete(memory, 0, 4, 2);
    assertThat(CapturedFrames.hex(memory)).isEqualTo("ffffffff");
  }

  @Property
  void equalsTheObviousSum(
      @ForAll @Size(max = 200) byte[] octets, @ForAll @IntRange(max = 7) int at) {
    MemorySegment memory = Arena.ofAuto().allocate(octets.length + 7L);
    MemorySegment.copy(octets, 0, memory, ValueLayout.JAVA_BYTE, at, octets.length);
    assertThat(Checksum.sum(memory, at, octets.length)).isEqualTo(obvious(octets));
  }

  /** RFC 1071, section 4.1, octet by octet. */
  private static int obvious(byte[] octets) {
    long sum = 0;
    for (int i = 0; i < octets.length; i++) {
      sum += (octets[i] & 0xFFL) << (i % 2 == 0 ? 8 : 0);
    }
    while (sum > 0xFFFF) {
      sum = (sum >>> 16) + (sum & 0xFFFF);
    }
    return (int) sum;
  }

  @Property
  void anUpdateEqualsAnewSum(
      @ForAll @Size(20) byte[] octets,
      @ForAll @IntRange(max = 9) int word,
      @ForAll @IntRange(max = 0xFFFF) int value) {
    octets[0] = 0x45; // RFC 1624's equation 3 is exact but for a header of nothing but zeros
    MemorySegment memory = Arena.ofAuto().allocateFrom(ValueLayout.JAVA_BYTE, octets);
    int before = Checksum.finish(Checksum.sum(memory, 0, 20));
    int old = Octets.u16(memory, 2L * word);
    int wanted = word == 0 ? value | 0x4000 : value;
    Octets.put16(memory, 2L * word, wanted);
    assertThat(Checksum.update(before, old, wanted))
        .isEqualTo(Checksum.finish(Checksum.sum(memory, 0, 20)));
  }
}
