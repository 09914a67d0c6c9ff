package org.passerelle.netback;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.LongSupplier;

/**
 * Notices a guest that takes nothing any more and turns the vif's carrier off until it does; what
 * counts is whether there are pages enough for the frame that waits (XSA-392).
 */
final class StallDetector {
  /** {@code rx_stall_timeout_msecs} of Linux's netback. */
  private static final long TIMEOUT = 60_000_000_000L;

  private static final Logger LOG = System.getLogger(StallDetector.class.getName());

  private final String vif;
  private final NetDevice device;
  private final VifCounters counters;
  private final LongSupplier clock;
  private long lastDelivery;
  private int needed = 1;
  private boolean stalled;

  StallDetector(String vif, NetDevice device, VifCounters counters, LongSupplier clock) {
    this.vif = vif;
    this.device = device;
    this.counters = counters;
    this.clock = clock;
    this.lastDelivery = clock.getAsLong();
  }

  /** The slots that the oldest frame needs. */
  void needs(int slots) {
    needed = slots;
  }

  int needed() {
    return needed;
  }

  boolean stalled() {
    return stalled;
  }

  void delivered() {
    lastDelivery = clock.getAsLong();
  }

  /**
   * Looks whether the guest is stalled, or no longer.
   *
   * @param notified the guest tells of new pages: without that, it cannot be judged
   */
  void check(int available, boolean notified) {
    if (stalled && available >= needed) {
      stalled = false;
      LOG.log(Level.INFO, "{0}: Guest Rx ready", vif);
      device.carrier(true);
    } else if (!stalled && notified && available < needed && clock.getAsLong() - due() >= 0) {
      stalled = true;
      LOG.log(Level.INFO, "{0}: Guest Rx stalled", vif);
      counters.add(Counter.STALLS, 1);
      device.carrier(false);
    }
  }

  long deadline() {
    return stalled ? Half.NEVER : due();
  }

  private long due() {
    return lastDelivery + TIMEOUT;
  }
}
