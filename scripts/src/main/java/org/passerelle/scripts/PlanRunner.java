package org.passerelle.scripts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.passerelle.link.list.Lists;
import org.passerelle.link.os.FileTrouble;
import org.passerelle.link.os.ScriptLock;
import org.passerelle.link.plan.Announcement;
import org.passerelle.link.plan.Journal;
import org.passerelle.link.plan.Keepsakes;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.plan.Recovery;
import org.passerelle.link.plan.RefusedException;
import org.passerelle.link.plan.RunMark;
import org.passerelle.link.plan.Transaction;
import org.passerelle.link.rtnl.Kernel;

/** Carries a script's plans out: journal, undo, recovery of what others left, locks. */
final class PlanRunner {
  private static final String RECOVERING = "recover";

  /** Whoever could open the locks could take them, and keep every script waiting. */
  private final ScriptContext context;

  private final Path journals;
  private final Journal.Key key;
  private Map<String, Path> left = Map.of();

  PlanRunner(ScriptContext context) {
    this.context = context;
    this.journals = RunFile.JOURNALS.in(context.runDirectory());
    this.key = HostKey.current();
  }

  /**
   * Undoes what killed scripts left half done in this namespace. On return no other script is still
   * undoing: a journal that another one has taken up looks like that of a living owner, and a plan
   * made meanwhile would be for a host half undone.
   */
  void recover() {
    try (ScriptLock _ = lock(RECOVERING)) {
      left = recovery().run();
    }
  }

  private Recovery recovery() {
    return new Recovery(journals, key, context.kernel(), this::warn, this::isSeen);
  }

  /** What killed scripts left half done in this namespace, by whose it is; undoes nothing. */
  List<String> cutOff() {
    if (RunMark.isHidden(context.runDirectory()) || !Files.isDirectory(journals)) {
      return List.of();
    }
    // To look whether a journal has an owner takes its lock, which keeps others from undoing it.
    try (ScriptLock _ = lock(RECOVERING)) {
      return recovery().cutOff();
    }
  }

  private void warn(String line) {
    context.log().log(ScriptLog.Level.WARNING, line);
  }

  private boolean isSeen(String proof) {
    return keepsakes()
        .isSeen(proof)
        .orElseGet(() -> BackendStore.isConnected(context.store().get(), proof));
  }

  /** What the host's settings were before the scripts changed them. */
  Keepsakes keepsakes() {
    return new Keepsakes(RunFile.SETTINGS.in(context.runDirectory()), key);
  }

  /** Carries one plan out, as {@link #run(String, List)}. */
  void run(String owner, Plan plan) {
    run(owner, List.of(() -> plan));
  }

  /**
   * Carries several plans out as one, each made from what those before it left. What one of them
   * refuses now is refused before anything is done. Throws {@link
   * org.passerelle.link.plan.PlanException} after undoing all.
   *
   * @param owner whose plans they are, for the journal
   */
  void run(String owner, List<Supplier<Plan>> planners) {
    run(owner, planners, () -> {});
  }

  /** The same, and then what is no step: when that fails all is undone, too. */
  void run(String owner, List<Supplier<Plan>> planners, Runnable last) {
    List<Plan> now = Lists.map(planners, Supplier::get);
    now.forEach(this::refuseWhatIsLeft);
    List<Supplier<Plan>> then = new ArrayList<>(planners);
    if (!now.isEmpty()) {
      // Nothing is done before the first, which need not be made again.
      then.set(0, now::getFirst);
    }
    inTransaction(owner, transaction -> transaction.run(then, last));
  }

  /** Carries a plan out and announces it, both or neither. */
  void run(String owner, Plan plan, Announcement announcement) {
    refuseWhatIsLeft(plan);
    inTransaction(owner, transaction -> transaction.run(plan, announcement));
  }

  private void inTransaction(String owner, Consumer<Transaction> run) {
    try (Journal journal = new Journal(journals, key, owner)) {
      Kernel kernel = new ReadOnlySettings(context.kernel(), this::warn);
      run.accept(new Transaction(kernel, journal, context.stop()));
    }
  }

  /** What we did to such a device now, a later recovery could take for the killed script's work. */
  private void refuseWhatIsLeft(Plan plan) {
    if (left.isEmpty()) {
      return;
    }
    for (String device : plan.devices()) {
      if (left.containsKey(device)) {
        throw new RefusedException(
            device
                + ": not all that a killed script did to it could be undone; put it right by hand,"
                + " then remove "
                + left.get(device));
      }
    }
  }

  /** Does this while nobody else has the lock, once what killed scripts left is undone. */
  void alone(String lock, Runnable act) {
    try (ScriptLock _ = lock(lock)) {
      recover();
      act.run();
    }
  }

  /** Waits until nobody else in this run directory has the lock of that name, or a signal comes. */
  ScriptLock lock(String name) {
    try {
      RunMark.makePrivate(context.runDirectory());
    } catch (IOException e) {
      throw new ScriptException(
          FileTrouble.text("make the run directory " + context.runDirectory(), e), e);
    }
    return LockWait.take(context.runDirectory().resolve(name + RunFile.LOCK), context.stop());
  }
}
