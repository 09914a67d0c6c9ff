package org.passerelle.hypervisor.ring;

import static java.lang.foreign.ValueLayout.JAVA_INT;

/**
 * The page that the two ends of a ring share: {@code DEFINE_RING_TYPES} of Xen's {@code io/ring.h}.
 *
 * <pre>
 *    0           4           8           12          16                    64
 *   +-----------+-----------+-----------+-----------+---------------------+------------------- ···
 *   | req_prod  | req_event | rsp_prod  | rsp_event | private, padding    | slot 0 | slot 1 | ···
 *   +-----------+-----------+-----------+-----------+---------------------+------------------- ···
 * </pre>
 *
 * The four indices are unsigned, 32 bits wide in the host's byte order, and never wrap at the
 * ring's size: the slot of an index is its remainder by the number of slots. A slot carries a
 * request on the way there and its response on the way back.
 */
public final class RingLayout {
  public static final int PAGE_SIZE = 4096;

  static final int REQUEST_PRODUCER = 0;
  static final int REQUEST_EVENT = REQUEST_PRODUCER + Integer.BYTES;
  static final int RESPONSE_PRODUCER = REQUEST_EVENT + Integer.BYTES;
  static final int RESPONSE_EVENT = RESPONSE_PRODUCER + Integer.BYTES;
  static final int PRIVATE = RESPONSE_EVENT + Integer.BYTES;
  static final int PADDING = PRIVATE + 4;
  static final int SLOTS = PADDING + 44;

  private RingLayout() {}

  /** The number of slots of {@code slotSize} bytes: the largest power of two that fits the page. */
  public static int slots(int slotSize) {
    if (slotSize < Integer.BYTES || slotSize % Integer.BYTES != 0 || slotSize > PAGE_SIZE - SLOTS) {
      throw new IllegalArgumentException(
          "slot size " + slotSize + " is not a multiple of 4 in 4.." + (PAGE_SIZE - SLOTS));
    }
    return Integer.highestOneBit((PAGE_SIZE - SLOTS) / slotSize);
  }

  /** Slots are copied in ints, so that no read of a shared word is ever done twice. */
  static int words(int slotSize) {
    return slotSize / (int) JAVA_INT.byteSize();
  }
}
