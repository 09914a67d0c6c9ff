package org.passerelle.netback;

import java.util.function.LongSupplier;

/**
 * Lets a guest send at its rate. A frame that exceeds the credit waits; nothing is dropped. The
 * rules are those of Linux's netback ({@code tx_credit_exceeded}): the credit starts at one
 * period's worth, grows by as much once a period has passed, and never beyond 128 KiB or one
 * period's worth, whichever is more, so that the longest frame comes through at any rate.
 */
final class CreditLimiter {
  private static final long LEAST_BURST = 128 * 1024;

  private final LongSupplier clock;
  private Rate rate;
  private long credit;
  private long windowStart;

  CreditLimiter(Rate rate, LongSupplier clock) {
    this.clock = clock;
    this.rate = rate;
    this.credit = rate.bytes();
    this.windowStart = clock.getAsLong();
  }

  /** Takes another rate from now on; credit beyond a period's worth is lost. */
  void rate(Rate newRate) {
    rate = newRate;
    credit = Math.min(credit, newRate.bytes());
  }

  /** Takes credit for a frame of {@code length} bytes; false when it has to wait. */
  boolean take(int length) {
    if (rate.unlimited()) {
      return true;
    }
    if (length > credit) {
      refill();
    }
    if (length > credit) {
      return false;
    }
    credit -= length;
    return true;
  }

  /** When there will be more credit. */
  long nextRefill() {
    return windowStart + rate.micros() * 1000;
  }

  private void refill() {
    long now = clock.getAsLong();
    if (now - nextRefill() < 0) {
      return;
    }
    windowStart = now;
    long most = Math.max(LEAST_BURST, rate.bytes());
    credit = credit > most - rate.bytes() ? most : credit + rate.bytes();
  }
}
