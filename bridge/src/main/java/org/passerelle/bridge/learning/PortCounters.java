package org.passerelle.bridge.learning;

import java.util.concurrent.atomic.AtomicLongArray;

/** A port's counters: written by the bridge's thread, read by any. */
public final class PortCounters {
  private final AtomicLongArray values = new AtomicLongArray(PortCounter.values().length);

  PortCounters() {}

  /** How many there were until now. */
  public long get(PortCounter counter) {
    return values.getOpaque(counter.ordinal());
  }

  /** One thread alone counts: what it reads is what it wrote. */
  void add(PortCounter counter, long amount) {
    int index = counter.ordinal();
    values.setOpaque(index, values.getPlain(index) + amount);
  }
}
