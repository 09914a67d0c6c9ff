package org.passerelle.scripts.agent;

import java.util.Arrays;
import org.passerelle.scripts.StopSignal;

/** {@code passerelle agent}, as its launcher starts it. */
public final class Main {
  private Main() {}

  public static void main(String[] words) {
    StopSignal stop = StopSignal.install();
    int code = 1;
    try {
      code = Agent.run(Arrays.asList(words), System.getenv(), stop::isStopping);
    } finally {
      stop.finished();
    }
    stop.exit(code);
  }
}
