package org.passerelle.hypervisor.ring;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RingLayoutTest {

  /** The offsets that a C compiler gives the fields of {@code struct netif_tx_sring}. */
  @Test
  void theFieldsLieWhereTheHeaderPutsThem() {
    assertThat(RingLayout.REQUEST_PRODUCER).isEqualTo(0);
    assertThat(RingLayout.REQUEST_EVENT).isEqualTo(4);
    assertThat(RingLayout.RESPONSE_PRODUCER).isEqualTo(8);
    assertThat(RingLayout.RESPONSE_EVENT).isEqualTo(12);
    assertThat(RingLayout.PRIVATE).isEqualTo(16);
    assertThat(RingLayout.PADDING).isEqualTo(20);
    assertThat(RingLayout.SLOTS).isEqualTo(64);
  }

  @ParameterizedTest
  @CsvSource({"12, 256", "8, 256", "16, 128", "4032, 1", "4, 512"})
  void aRingHasTheLargestPowerOfTwoOfSlotsThatFits(int slotSize, int slots) {
    assertThat(RingLayout.slots(slotSize)).isEqualTo(slots);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -4, 2, 10, 4036})
  void aSlotSizeThatCannotBeIsRefused(int slotSize) {
    assertThatThrownBy(() -> RingLayout.slots(slotSize))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("slot size " + slotSize);
  }

  @Test
  void aNewRingIsInitialisedOverWhateverThePageHeld() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment page = arena.allocate(4096, 4096);
      page.fill((byte) 0xa5);

      FrontRing.create(page, 12);

      assertThat(page.get(JAVA_INT, 0)).as("req_prod").isZero();
      assertThat(page.get(JAVA_INT, 4)).as("req_event").isEqualTo(1);
      assertThat(page.get(JAVA_INT, 8)).as("rsp_prod").isZero();
      assertThat(page.get(JAVA_INT, 12)).as("rsp_event").isEqualTo(1);
      for (int at = 16; at < 4096; at += 4) {
        assertThat(page.get(JAVA_INT, at)).as("word at " + at).isZero();
      }
    }
  }

  @Test
  void aPageThatIsTooSmallIsRefused() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment page = arena.allocate(4095);
      assertThatThrownBy(() -> BackRing.attach(page, 12))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("4095");
    }
  }
}
