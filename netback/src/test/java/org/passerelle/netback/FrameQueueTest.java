package org.passerelle.netback;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.passerelle.link.port.Frame;
import org.passerelle.link.port.Frame.Gso;

class FrameQueueTest {
  private record Entry(int length, int seed, Gso gso) {}

  /** Against a queue of records: positive numbers are frames to add, zero takes one out. */
  @Property(tries = 200)
  void itIsAQueue(@ForAll @Size(max = 300) List<@IntRange(min = 0, max = 65535) Integer> steps) {
    try (Arena arena = Arena.ofConfined()) {
      FrameQueue queue = new FrameQueue(arena);
      Deque<Entry> model = new ArrayDeque<>();
      Frame frame = new Frame(arena);
      int number = 0;
      for (int step : steps) {
        number++;
        if (step % 3 == 0 || queue.isFull()) {
          takeFrom(queue, model, frame);
        } else {
          Entry entry = new Entry(step, number, Gso.values()[number % 3]);
          fill(frame, entry);
          queue.add(frame, number);
          model.add(entry);
        }
      }
      while (!model.isEmpty()) {
        takeFrom(queue, model, frame);
      }
      assertThat(queue.isEmpty()).isTrue();
    }
  }

  private static void fill(Frame frame, Entry entry) {
    frame.length(entry.length());
    frame.memory().asSlice(Frame.DATA, entry.length()).fill((byte) entry.seed());
    frame.checksum(entry.seed() % 2 == 0, entry.seed() % 5 == 0);
    frame.gso(entry.gso(), entry.gso() == Gso.NONE ? 0 : 1448);
  }

  private static void takeFrom(FrameQueue queue, Deque<Entry> model, Frame frame) {
    assertThat(queue.isEmpty()).isEqualTo(model.isEmpty());
    if (model.isEmpty()) {
      return;
    }
    Entry expected = model.remove();
    assertThat(queue.oldest()).isEqualTo(expected.seed());
    assertThat(queue.oldestLength()).isEqualTo(expected.length());
    assertThat(queue.oldestGso()).isEqualTo(expected.gso());
    queue.peek(frame);
    queue.drop();
    assertThat(frame.length()).isEqualTo(expected.length());
    assertThat(frame.gso()).isEqualTo(expected.gso());
    assertThat(frame.gsoSize()).isEqualTo(expected.gso() == Gso.NONE ? 0 : 1448);
    assertThat(frame.checksumBlank()).isEqualTo(expected.seed() % 2 == 0);
    assertThat(frame.dataValidated()).isEqualTo(expected.seed() % 5 == 0);
    for (int at : new int[] {0, expected.length() / 2, expected.length() - 1}) {
      assertThat(frame.memory().get(JAVA_BYTE, Frame.DATA + at)).isEqualTo((byte) expected.seed());
    }
  }

  @Test
  void itIsFullAtHalfARingsPages() {
    try (Arena arena = Arena.ofConfined()) {
      FrameQueue queue = new FrameQueue(arena);
      Frame frame = new Frame(arena);
      frame.length(65535);
      int frames = 0;
      while (!queue.isFull()) {
        queue.add(frame, 0);
        frames++;
      }
      assertThat(frames).isEqualTo(8);
      queue.drop();
      assertThat(queue.isFull()).isFalse();
    }
  }
}
