package org.passerelle.netback;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The halves of one vif that live on this data plane: they run one after the other until neither
 * has anything to do, so that a frame crosses the ring without a wake-up in between.
 */
final class VifGroup {
  /** Rounds at a time, so that one vif cannot keep the others waiting. */
  private static final int ROUNDS = 4;

  private final List<Half> halves = new ArrayList<>();
  private boolean queued;

  /**
   * The backend's half runs first: it sees what a guest did to a ring before the frontend mends it.
   */
  void add(Half half) {
    halves.add(half);
    halves.sort(Comparator.comparing(member -> member instanceof Netfront));
  }

  void remove(Half half) {
    halves.remove(half);
  }

  boolean isEmpty() {
    return halves.isEmpty();
  }

  /** Notes that the group is in line; false when it was already. */
  boolean enqueue() {
    boolean wasQueued = queued;
    queued = true;
    return !wasQueued;
  }

  /** Runs the halves; true when there is more to do. */
  boolean run() {
    queued = false;
    for (int round = 0; round < ROUNDS; round++) {
      if (work() == 0 && !prepareSleep()) {
        return false;
      }
    }
    return true;
  }

  private int work() {
    int work = 0;
    for (int i = 0; i < halves.size(); i++) {
      work += halves.get(i).doWork();
    }
    return work;
  }

  private boolean prepareSleep() {
    boolean more = false;
    for (int i = 0; i < halves.size(); i++) {
      more |= halves.get(i).prepareSleep();
    }
    return more;
  }

  long deadline() {
    long earliest = Half.NEVER;
    for (int i = 0; i < halves.size(); i++) {
      earliest = Math.min(earliest, halves.get(i).deadline());
    }
    return earliest;
  }
}
