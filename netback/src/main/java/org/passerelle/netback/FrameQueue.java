package org.passerelle.netback;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.passerelle.link.port.Frame;

/**
 * Frames that wait for a guest, bounded in bytes (XSA-392), each with the time it came. Linux's
 * bound: half a ring's pages, 512 KiB; here the entries' headers count too.
 *
 * <pre>
 *    0        4        8                 16            24
 *   +--------+--------+-----------------+-------------+------------- ··· padded to 8
 *   | length | meta   | time            | GSO size, 0 | the frame
 *   +--------+--------+-----------------+-------------+------------- ···
 * </pre>
 *
 * An entry never wraps: a length of -1 sends the reader back to the start.
 */
final class FrameQueue {
  static final int MOST_BYTES = 256 / 2 * 4096;

  private static final int LENGTH = 0;
  private static final int META = 4;
  private static final int TIME = 8;
  private static final int GSO_SIZE = 16;
  private static final int HEADER = 24;
  private static final int WRAP = -1;
  private static final int CAPACITY = MOST_BYTES + 2 * (Frame.MAX_LENGTH + 1 + HEADER);

  private static final int BLANK = 1;
  private static final int VALIDATED = 2;
  private static final int GSO_SHIFT = 2;
  private static final Frame.Gso[] GSO = Frame.Gso.values();

  private final Arena arena;
  private MemorySegment memory = MemorySegment.NULL;
  private int head;
  private int tail;
  private int used;

  /** Takes its memory from the arena when the first frame has to wait. */
  FrameQueue(Arena arena) {
    this.arena = arena;
  }

  boolean isEmpty() {
    return used == 0;
  }

  /** No more frames are taken. */
  boolean isFull() {
    return used >= MOST_BYTES;
  }

  /** Appends a copy of the frame; only when not full. */
  void add(Frame frame, long now) {
    if (memory.byteSize() == 0) {
      memory = arena.allocate(CAPACITY, Long.BYTES);
    }
    int size = entrySize(frame.length());
    if (tail + size > CAPACITY) {
      wrapTail();
    }
    memory.set(JAVA_INT, tail + LENGTH, frame.length());
    memory.set(JAVA_INT, tail + META, meta(frame));
    memory.set(JAVA_LONG, tail + TIME, now);
    memory.set(JAVA_INT, tail + GSO_SIZE, frame.gsoSize());
    MemorySegment.copy(frame.memory(), Frame.DATA, memory, tail + HEADER, frame.length());
    tail += size;
    used += size;
  }

  private void wrapTail() {
    if (tail < CAPACITY) {
      memory.set(JAVA_INT, tail + LENGTH, WRAP);
    }
    tail = 0;
  }

  /** When the oldest frame came; only when not empty. */
  long oldest() {
    return memory.get(JAVA_LONG, headEntry() + TIME);
  }

  int oldestLength() {
    return memory.get(JAVA_INT, headEntry() + LENGTH);
  }

  Frame.Gso oldestGso() {
    return GSO[memory.get(JAVA_INT, headEntry() + META) >>> GSO_SHIFT];
  }

  /** Copies the oldest frame out, and leaves it in the queue. */
  void peek(Frame frame) {
    int entry = headEntry();
    int length = memory.get(JAVA_INT, entry + LENGTH);
    int meta = memory.get(JAVA_INT, entry + META);
    frame.length(length);
    frame.checksum((meta & BLANK) != 0, (meta & VALIDATED) != 0);
    frame.gso(GSO[meta >>> GSO_SHIFT], memory.get(JAVA_INT, entry + GSO_SIZE));
    MemorySegment.copy(memory, entry + HEADER, frame.memory(), Frame.DATA, length);
  }

  /** Removes the oldest frame. */
  void drop() {
    int entry = headEntry();
    int size = entrySize(memory.get(JAVA_INT, entry + LENGTH));
    head = entry + size;
    used -= size;
  }

  private int headEntry() {
    boolean atEnd = head == CAPACITY || memory.get(JAVA_INT, head + LENGTH) == WRAP;
    return atEnd ? 0 : head;
  }

  private static int entrySize(int length) {
    return HEADER + (length + Long.BYTES - 1) / Long.BYTES * Long.BYTES;
  }

  private static int meta(Frame frame) {
    return (frame.checksumBlank() ? BLANK : 0)
        | (frame.dataValidated() ? VALIDATED : 0)
        | frame.gso().ordinal() << GSO_SHIFT;
  }
}
