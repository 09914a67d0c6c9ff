package org.passerelle.hypervisor.xenstore.server;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Events that a client has not taken yet, each once, and not more than it may leave unread. That an
 * event is not told twice loses nothing: the client has not seen the first one.
 */
final class HeldEvents {
  static final int MOST_OCTETS = 1 << 20;

  /** What an entry takes besides its octets, roughly. */
  private static final int OVERHEAD = 128;

  private final Set<ByteBuffer> events = new LinkedHashSet<>();
  private int octets;

  boolean isEmpty() {
    return events.isEmpty();
  }

  /** Whether there was room for it. */
  boolean add(byte[] event) {
    if (octets + event.length + OVERHEAD > MOST_OCTETS) {
      return false;
    }
    if (events.add(ByteBuffer.wrap(event))) {
      octets += event.length + OVERHEAD;
    }
    return true;
  }

  /** Hands events over in their order until the taker has enough. */
  void drain(Predicate<byte[]> takesMore) {
    boolean more = true;
    for (Iterator<ByteBuffer> each = events.iterator(); more && each.hasNext(); ) {
      byte[] event = each.next().array();
      each.remove();
      octets -= event.length + OVERHEAD;
      more = takesMore.test(event);
    }
  }
}
