package org.passerelle.hypervisor.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.ValueLayout;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.passerelle.hypervisor.memory.DomainMemory;

class PageAllocatorTest {
  private final TwoDomains domains = new TwoDomains();
  private final DomainMemory memory = domains.granter.memory();

  @AfterEach
  void close() {
    domains.close();
  }

  @Test
  void givesEachPageOnce() {
    Set<Integer> frames = new HashSet<>();
    for (int i = 0; i < memory.pages(); i++) {
      frames.add(memory.allocate());
    }
    assertThat(frames).hasSize(16).allMatch(frame -> frame >= 1 && frame <= 16);
    assertThatThrownBy(memory::allocate)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("all 16 pages");
  }

  @Test
  void aPageIsZeroedBeforeItIsUsedAgain() {
    int frame = memory.allocate();
    memory.page(frame).fill((byte) 0x5A);
    memory.release(frame);
    assertThat(memory.allocate()).isEqualTo(frame);
    assertThat(memory.page(frame).toArray(ValueLayout.JAVA_BYTE)).hasSize(4096).containsOnly(0);
  }

  @Test
  void releasesATakenPageOnly() {
    int frame = memory.allocate();
    memory.release(frame);
    for (int wrong : new int[] {frame, 0, 17, -1}) {
      assertThatThrownBy(() -> memory.release(wrong)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void pagesLieInOneSpace() {
    int frame = memory.allocate();
    memory.page(frame).set(ValueLayout.JAVA_INT, 8, 99);
    assertThat(memory.space().get(ValueLayout.JAVA_INT, memory.offset(frame) + 8)).isEqualTo(99);
    assertThat(memory.offset(frame)).isEqualTo(4096L * frame);
    assertThatThrownBy(() -> memory.offset(0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theGrantTableGrowsWithTheMemory() {
    assertThat(MemoryMap.of(1).grantFrames()).isEqualTo(1);
    assertThat(MemoryMap.of(504).grantFrames()).isEqualTo(1);
    assertThat(MemoryMap.of(505).grantFrames()).isEqualTo(2);
    assertThat(MemoryMap.of(1 << 20).grantFrames()).isEqualTo(64);
    assertThat(MemoryMap.of(505).bytes()).isEqualTo(507 * 4096L);
    for (int wrong : new int[] {0, -1, (1 << 22) + 1}) {
      assertThatThrownBy(() -> MemoryMap.of(wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("1..4194304");
    }
  }
}
