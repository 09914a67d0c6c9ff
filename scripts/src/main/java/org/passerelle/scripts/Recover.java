package org.passerelle.scripts;

import org.passerelle.link.os.ScriptLock;

/** Undoes what a killed script left half done, and nothing else: the launcher's guard runs it. */
public final class Recover implements HotplugScript {

  @Override
  public int run(ScriptContext context) {
    try {
      PlanRunner runner = new PlanRunner(context);
      try (ScriptLock _ = runner.lock("network-bridge")) {
        runner.recover();
      }
      return 0;
    } catch (RuntimeException e) {
      context.log().log(ScriptLog.Level.ERR, Failures.line(e));
      return 1;
    }
  }
}
