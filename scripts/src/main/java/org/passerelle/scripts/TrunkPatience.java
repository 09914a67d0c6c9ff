package org.passerelle.scripts;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * How long a script waits for trunk processes to come and go, whatever it waits for.
 *
 * @param endNanos by the clock of {@link System#nanoTime}
 * @param stop whether the script is to end
 */
record TrunkPatience(long endNanos, BooleanSupplier stop) {
  /** The agent gives a vif's script 20 s, libxl 40. */
  static final Duration OF_VIFS = Duration.ofSeconds(15);

  /** Nobody counts a network script's time, and a host that boots is busy. */
  static final Duration OF_NETWORKS = Duration.ofSeconds(60);

  private static final long LOOK_MS = 10;

  /** From now on. */
  static TrunkPatience of(Duration most, BooleanSupplier stop) {
    return new TrunkPatience(System.nanoTime() + most.toNanos(), stop);
  }

  boolean isOver() {
    return leftNanos() <= 0;
  }

  long leftNanos() {
    return endNanos - System.nanoTime();
  }

  /** False when it is over before the condition holds. */
  boolean await(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      if (isOver()) {
        return false;
      }
      pause();
    }
    return true;
  }

  /** Until the next look. */
  void pause() {
    if (stop.getAsBoolean()) {
      throw new ScriptException("stopped before the VLANs were served");
    }
    try {
      Thread.sleep(LOOK_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ScriptException("interrupted", e);
    }
  }
}
