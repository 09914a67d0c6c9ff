package org.passerelle.netback;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;

/** One half's counters: written by one thread, read by any. */
public final class VifCounters {
  private final AtomicLongArray values = new AtomicLongArray(Counter.values().length);

  /** Only the owner counts: no read-modify-write is needed. */
  void add(Counter counter, long amount) {
    int index = counter.ordinal();
    values.setOpaque(index, values.getPlain(index) + amount);
  }

  public long get(Counter counter) {
    return values.getOpaque(counter.ordinal());
  }

  public Map<Counter, Long> snapshot() {
    Map<Counter, Long> snapshot = new EnumMap<>(Counter.class);
    for (Counter counter : Counter.values()) {
      snapshot.put(counter, get(counter));
    }
    return snapshot;
  }
}
