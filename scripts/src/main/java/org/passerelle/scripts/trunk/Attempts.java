package org.passerelle.scripts.trunk;

import java.util.Optional;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.scripts.ScriptLog;

/** One VLAN's trouble is not the others': what cannot be done is said, and that is all. */
record Attempts(ScriptLog log) {

  /** Returns why the kernel refused, if it did. */
  Optional<KernelException> make(String what, Runnable action) {
    try {
      action.run();
    } catch (KernelException e) {
      warn(what + ": " + e.getMessage());
      return Optional.of(e);
    } catch (IllegalArgumentException e) {
      warn(what + ": " + e.getMessage());
    }
    return Optional.empty();
  }

  void warn(String text) {
    log.log(ScriptLog.Level.WARNING, text);
  }
}
