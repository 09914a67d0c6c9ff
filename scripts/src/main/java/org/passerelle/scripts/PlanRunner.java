package org.passerelle.scripts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.passerelle.link.os.ScriptLock;
import org.passerelle.link.plan.Journal;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.plan.Recovery;
import org.passerelle.link.plan.Transaction;

/** Carries a script's plans out: journal, undo, recovery of what others left, locks. */
final class PlanRunner {
  private final ScriptContext context;
  private final Path journals;
  private final Journal.Key key;

  PlanRunner(ScriptContext context) {
    this.context = context;
    this.journals = context.runDirectory().resolve("journal");
    this.key = HostKey.current();
  }

  /**
   * Undoes what killed scripts left half done in this namespace. On return no other script is still
   * undoing: a journal that another one has taken up looks like that of a living owner, and a plan
   * made meanwhile would be for a host half undone.
   */
  void recover() {
    Recovery recovery =
        new Recovery(
            journals,
            key,
            context.kernel(),
            line -> context.log().log(ScriptLog.Level.WARNING, line));
    try (ScriptLock _ = lock("recover")) {
      recovery.run();
    }
  }

  /**
   * Carries a plan out; throws {@link org.passerelle.link.plan.PlanException} after undoing it.
   *
   * @param owner whose plan it is, for the journal
   */
  void run(String owner, Plan plan) {
    try (Journal journal = new Journal(journals, key, owner)) {
      new Transaction(context.kernel(), journal, context.stop()).run(plan);
    }
  }

  /** Waits until nobody else in this run directory has the lock of that name. */
  ScriptLock lock(String name) {
    try {
      Files.createDirectories(context.runDirectory());
    } catch (IOException e) {
      throw new ScriptException(
          "make the run directory " + context.runDirectory() + ": " + e.getMessage(), e);
    }
    return ScriptLock.take(context.runDirectory().resolve(name + ".lock"));
  }
}
