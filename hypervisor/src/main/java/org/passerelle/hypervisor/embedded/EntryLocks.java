package org.passerelle.hypervisor.embedded;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * One lock for each grant entry, and with it the number of mappings in force: an {@code int} an
 * entry, the sign bit set while it is held. Xen's active entries have a spin lock each for the same
 * reason: what a copy costs is a few compare-and-exchanges, and two copies by different references
 * never wait for each other.
 */
final class EntryLocks {
  private static final VarHandle STATE = MethodHandles.arrayElementVarHandle(int[].class);
  private static final int HELD = 1 << 31;

  /**
   * A copy takes some hundred nanoseconds; who waits longer waits for a thread that was stopped.
   */
  private static final int SPINS = 200;

  private final int[] states;

  EntryLocks(int entries) {
    this.states = new int[entries];
  }

  /** Takes an entry; returns its state, which is never negative. */
  int lock(int entry) {
    for (int tries = 0; ; tries++) {
      int state = (int) STATE.getOpaque(states, entry);
      // Acquire: what the last holder did is seen. The full fence of the exchange orders it before
      // the look at whether the domain still lives.
      if (state >= 0 && STATE.compareAndSet(states, entry, state, state | HELD)) {
        return state;
      }
      pause(tries);
    }
  }

  /** Lets an entry go, with the state that it is to have. */
  void unlock(int entry, int state) {
    STATE.setRelease(states, entry, state);
  }

  private static void pause(int tries) {
    if (tries < SPINS) {
      Thread.onSpinWait();
    } else {
      Thread.yield();
    }
  }
}
