package org.passerelle.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Future;

/** What goes on between dom0 and a host outside while a script runs. */
interface Traffic {
  int sent();

  /** How many of those sent have arrived at least, or the latest that has been answered. */
  int arrived();

  void end() throws Exception;

  /** What goes on by itself has not ended by itself. */
  static void requireRunning(Future<?> task) {
    if (task.state() == Future.State.FAILED) {
      throw new AssertionError("the traffic has ended", task.exceptionNow());
    }
    assertThat(task.state()).isEqualTo(Future.State.RUNNING);
  }
}
