package org.passerelle.scripts.trunk;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.scripts.ScriptLog;

/**
 * One VLAN's trouble is not the others': what cannot be done is said, and that is all. What is
 * tried again and again is said once for each reason, and once more when it has come right.
 */
final class Attempts {
  private final ScriptLog log;

  /** Why it could not be done the last time, by what it is. */
  private final Map<String, String> reasons = new HashMap<>();

  Attempts(ScriptLog log) {
    this.log = log;
  }

  /** Returns why the kernel refused, if it did. */
  Optional<KernelException> make(String what, Runnable action) {
    try {
      action.run();
    } catch (KernelException e) {
      refused(what, e.getMessage());
      return Optional.of(e);
    } catch (IllegalArgumentException e) {
      refused(what, e.getMessage());
      return Optional.empty();
    }
    if (reasons.remove(what) != null) {
      log.log(ScriptLog.Level.INFO, what + ": done now");
    }
    return Optional.empty();
  }

  private void refused(String what, String why) {
    if (!why.equals(reasons.put(what, why))) {
      warn(what + ": " + why);
    }
  }

  /** It is not to be done any more, and another one of that name has trouble of its own. */
  void forget(String what) {
    reasons.remove(what);
  }

  void warn(String text) {
    log.log(ScriptLog.Level.WARNING, text);
  }
}
