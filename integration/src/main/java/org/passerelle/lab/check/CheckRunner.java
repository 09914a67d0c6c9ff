package org.passerelle.lab.check;

import java.nio.file.Path;
import java.time.Duration;
import org.passerelle.lab.model.Check;
import org.passerelle.lab.model.Point;

/** Carries checks out, one after the other; the way in to this package. */
public final class CheckRunner {
  private final RunningLab lab;
  private final TrafficRunner traffic;
  private final CaptureCheck captures;

  /**
   * @param directory where capture files go; it exists
   */
  public CheckRunner(RunningLab lab, Path directory) {
    this.lab = lab;
    this.traffic = new TrafficRunner(lab);
    this.captures = new CaptureCheck(lab, traffic, directory);
  }

  /** Carries one check out. What goes wrong on the way is a failed check, not an exception. */
  public Outcome run(Check check) throws InterruptedException {
    long start = System.nanoTime();
    Verdict verdict = verdict(check);
    return verdict.named(check.name(), Duration.ofNanos(System.nanoTime() - start));
  }

  private Verdict verdict(Check check) throws InterruptedException {
    try {
      return switch (check) {
        case Check.Traffic each -> traffic.run(each);
        case Check.Capture capture -> captures.run(capture);
        case Check.Action action -> act(action);
      };
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      return Verdict.of(false, "it can be carried out", String.valueOf(e.getMessage()));
    }
  }

  private Verdict act(Check.Action action) throws InterruptedException {
    Point.Ring vif = (Point.Ring) action.vif().value();
    lab.act(action.verb(), vif);
    return Verdict.of(true, action.verb().word() + " done", "done");
  }
}
