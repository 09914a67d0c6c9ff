package org.passerelle.bridge.learning;

import java.util.Arrays;

/**
 * Behind which port a station was seen last, and when. Owned by one thread; allocates nothing for a
 * frame.
 *
 * <p>A station is any number but 0. A MAC address takes 48 bits of it; those above are compared
 * like the rest. A port is a number from 0 to 65,535, a time is milliseconds since the owner's
 * start.
 *
 * <p>The table is open-addressed, with linear probing and at most every second slot in use. The
 * hash is keyed: who knows it could choose addresses that all meet in one place. A slot:
 *
 * <pre>
 *   | station, 64 bits; 0: free | port, 16 bits | seen, 48 bits |
 * </pre>
 *
 * <p>When it is full, a new station takes the place of one that is too old, or else of one behind
 * the port that has most of them. So a port that makes up addresses pushes out its own, and the
 * other ports' stations stay known: nobody can have their frames flooded to him that way.
 */
final class ForwardingTable {
  /** No port: the station is unknown. */
  static final int NONE = -1;

  private static final int SEEN_BITS = 48;
  private static final long SEEN = (1L << SEEN_BITS) - 1;

  private final int capacity;
  private final long hashKey;

  /** Station at 2i, port and time at 2i + 1. */
  private final long[] slots;

  private final int mask;

  /** Stations behind each port. */
  private int[] held = new int[16];

  private int size;

  /** Milliseconds of silence that a station is remembered. */
  private long ageing;

  /** The slot that is looked at next for something to forget. */
  private int hand;

  /**
   * An empty table.
   *
   * @param capacity stations at most, 1 or more
   * @param ageing milliseconds after which a station that is silent is forgotten
   * @param hashKey a number that nobody can guess
   */
  ForwardingTable(int capacity, long ageing, long hashKey) {
    this.capacity = capacity;
    this.ageing = ageing;
    this.hashKey = hashKey;
    int slotCount = Integer.highestOneBit(2 * capacity - 1) * 2;
    this.slots = new long[2 * slotCount];
    this.mask = slotCount - 1;
  }

  /** Sets another ageing time, for the stations that are known too; 0 forgets them at once. */
  void ageing(long millis) {
    ageing = millis;
  }

  /** Stations in the table, those that are too old and were not yet forgotten among them. */
  int size() {
    return size;
  }

  /** The port behind which the station is, or {@link #NONE}. */
  int lookUp(long station, long now) {
    int slot = find(station);
    return station(slot) == 0 || isOld(slot, now) ? NONE : port(slot);
  }

  /**
   * Notes that the station is behind the port: also when it was behind another one until now.
   *
   * @return false when one that was not too old had to make room
   */
  boolean learn(long station, int port, long now) {
    int slot = find(station);
    if (station(slot) != 0) {
      held[port(slot)]--;
      put(slot, station, port, now);
      return true;
    }
    if (size < capacity) {
      add(slot, station, port, now);
      return true;
    }
    boolean old = makeRoom(port, now);
    add(find(station), station, port, now); // the slots may have moved
    return old;
  }

  private void add(int slot, long station, int port, long now) {
    size++;
    put(slot, station, port, now);
  }

  private void put(int slot, long station, int port, long now) {
    if (port >= held.length) {
      held = Arrays.copyOf(held, Math.max(port + 1, 2 * held.length));
    }
    held[port]++;
    slots[2 * slot] = station;
    slots[2 * slot + 1] = (long) port << SEEN_BITS | now;
  }

  /** Forgets one station; true when it was one that was too old. */
  private boolean makeRoom(int newcomer, long now) {
    int fullest = fullest(newcomer);
    while (true) {
      if (station(hand) != 0) {
        boolean old = isOld(hand, now);
        if (old || port(hand) == fullest) {
          free(hand);
          return old;
        }
      }
      hand = hand + 1 & mask;
    }
  }

  /** The port with most stations; among equals the newcomer's own. */
  private int fullest(int newcomer) {
    int fullest = newcomer < held.length ? newcomer : 0;
    for (int port = 0; port < held.length; port++) {
      if (held[port] > held[fullest]) {
        fullest = port;
      }
    }
    return fullest;
  }

  /** Forgets all stations behind a port. */
  void flush(int port) {
    for (int slot = 0; port < held.length && held[port] > 0; ) {
      if (station(slot) != 0 && port(slot) == port) {
        free(slot); // another one may have come here
      } else {
        slot++;
      }
    }
  }

  /** Looks at a few slots, and forgets what is too old. */
  void sweep(int count, long now) {
    for (int i = 0; i < count; i++) {
      if (station(hand) != 0 && isOld(hand, now)) {
        free(hand);
      } else {
        hand = hand + 1 & mask;
      }
    }
  }

  /**
   * Frees a slot without a gap in anybody's probing: each station behind it, up to the next free
   * slot, comes forward if its way from its first place leads over the gap.
   */
  private void free(int slot) {
    held[port(slot)]--;
    size--;
    int gap = slot;
    for (int next = gap + 1 & mask; station(next) != 0; next = next + 1 & mask) {
      int way = next - firstPlace(station(next)) & mask;
      if (way >= (next - gap & mask)) {
        slots[2 * gap] = slots[2 * next];
        slots[2 * gap + 1] = slots[2 * next + 1];
        gap = next;
      }
    }
    slots[2 * gap] = 0;
  }

  /** The slot of the station, or the free one where it would go. */
  private int find(long station) {
    int slot = firstPlace(station);
    while (station(slot) != station && station(slot) != 0) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  private int firstPlace(long station) {
    long hash = (station ^ hashKey) * 0x9E37_79B9_7F4A_7C15L; // 2^64 over the golden ratio
    hash = (hash ^ hash >>> 32) * 0xD6E8_FEB8_6659_FD93L;
    return (int) (hash >>> 32) & mask;
  }

  private long station(int slot) {
    return slots[2 * slot];
  }

  private int port(int slot) {
    return (int) (slots[2 * slot + 1] >>> SEEN_BITS);
  }

  /** At exactly the ageing time a station is too old, as in Linux (br_fdb.c, has_expired). */
  private boolean isOld(int slot, long now) {
    return now - (slots[2 * slot + 1] & SEEN) >= ageing;
  }
}
