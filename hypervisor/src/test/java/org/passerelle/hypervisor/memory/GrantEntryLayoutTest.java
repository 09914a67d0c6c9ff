package org.passerelle.hypervisor.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class GrantEntryLayoutTest {

  /** Entry 9: flags permit access | read-only, domid 0x0102, frame 0xF3040506. */
  private static final byte[] ENTRY = {
    0x05,
    0x00, // flags @0: GTF_permit_access 1 | GTF_readonly 4
    0x02,
    0x01, // domid @2, little-endian
    0x06,
    0x05,
    0x04,
    (byte) 0xF3, // frame @4, little-endian, above 2^31
  };

  @Test
  void hasTheOffsetsOfXensHeader() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment table = arena.allocate(4096, 8).fill((byte) 0xA5);
      GrantEntryLayout.WORD.setRelease(
          table, GrantEntryLayout.at(9), GrantEntryLayout.word(5, 0x0102, 0xF3040506));

      assertThat(table.asSlice(72, 8).toArray(ValueLayout.JAVA_BYTE)).isEqualTo(ENTRY);
      assertThat(table.asSlice(64, 8).toArray(ValueLayout.JAVA_BYTE)).containsOnly(0xA5);
      assertThat(table.asSlice(80, 8).toArray(ValueLayout.JAVA_BYTE)).containsOnly(0xA5);
    }
  }

  @Test
  void readsWhatAnotherWrote() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment table = arena.allocate(4096, 8);
      MemorySegment.copy(MemorySegment.ofArray(ENTRY), 0, table, 72, ENTRY.length);
      long word = (long) GrantEntryLayout.WORD.getVolatile(table, GrantEntryLayout.at(9));

      assertThat(GrantEntryLayout.flags(word))
          .isEqualTo(GrantEntryLayout.PERMIT_ACCESS | GrantEntryLayout.READ_ONLY);
      assertThat(GrantEntryLayout.domain(word)).isEqualTo(0x0102);
      assertThat(GrantEntryLayout.frame(word)).isEqualTo(0xF3040506);
    }
  }

  @Test
  void fieldsDoNotRunIntoEachOther() {
    long word = GrantEntryLayout.word(0xFFFF, 0, 0);
    assertThat(word).isEqualTo(0x0000_0000_0000_FFFFL);
    assertThat(GrantEntryLayout.word(0, 0xFFFF, 0)).isEqualTo(0x0000_0000_FFFF_0000L);
    assertThat(GrantEntryLayout.word(0, 0, 0xFFFFFFFF)).isEqualTo(0xFFFF_FFFF_0000_0000L);
  }
}
