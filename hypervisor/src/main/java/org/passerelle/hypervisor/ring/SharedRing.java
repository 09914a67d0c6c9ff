package org.passerelle.hypervisor.ring;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * What both views of a ring share: the page, its slots, and the four indices with the memory order
 * that each needs.
 */
abstract sealed class SharedRing permits FrontRing, BackRing {

  /**
   * What the counting methods answer when the peer's producer index cannot be true: it claims more
   * than the ring, or than what was asked for, can hold. There is nothing to be done with such a
   * peer.
   */
  public static final int IMPOSSIBLE = -1;

  private static final VarHandle INDEX = JAVA_INT.varHandle();

  private final MemorySegment page;
  private final int slotSize;
  private final int size;

  SharedRing(MemorySegment page, int slotSize) {
    if (page.byteSize() < RingLayout.PAGE_SIZE) {
      throw new IllegalArgumentException("a ring's page has " + page.byteSize() + " bytes");
    }
    this.page = page;
    this.slotSize = slotSize;
    this.size = RingLayout.slots(slotSize);
  }

  /** The number of slots. */
  public final int size() {
    return size;
  }

  /** The shared page: slots are written here, and never read but through the copying methods. */
  public final MemorySegment page() {
    return page;
  }

  /** The offset in the page of an index's slot. */
  public final long slot(int index) {
    return RingLayout.SLOTS + (long) (index & size - 1) * slotSize;
  }

  /**
   * A peer's producer index. Acquire: what the peer wrote before it published the index is seen by
   * reads that come after this one.
   */
  final int producer(int offset) {
    return (int) INDEX.getAcquire(page, (long) offset);
  }

  /**
   * Publishes our producer index and says whether the peer wants to be told. Release: the slots are
   * there before the index is. The full fence pairs with the one in {@link #arm}: either we see
   * that the peer wants an event, or the peer, looking once more, sees our index.
   */
  final boolean publish(int producerOffset, int eventOffset, int old, int now) {
    INDEX.setRelease(page, (long) producerOffset, now);
    VarHandle.fullFence();
    int event = (int) INDEX.getOpaque(page, (long) eventOffset);
    return Integer.compareUnsigned(now - event, now - old) < 0;
  }

  /** Asks for an event at {@code index}; the caller looks once more afterwards. */
  final void arm(int eventOffset, int index) {
    INDEX.setOpaque(page, (long) eventOffset, index);
    VarHandle.fullFence();
  }

  /** An index as the page has it, for attaching and initialising. */
  final void set(int offset, int value) {
    INDEX.setRelease(page, (long) offset, value);
  }

  /**
   * Copies a slot into {@code to}, reading each shared word once. Opaque: the compiler may neither
   * drop nor repeat a read, so that what was checked is what is used (XSA-155).
   */
  final void copy(int index, MemorySegment to) {
    long from = slot(index);
    int words = RingLayout.words(slotSize);
    for (int word = 0; word < words; word++) {
      long at = (long) word * Integer.BYTES;
      to.set(JAVA_INT, at, (int) INDEX.getOpaque(page, from + at));
    }
  }
}
