package org.passerelle.outside;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/**
 * Does harm to one script at call after call, each time to a new process, and judges what is left.
 * It counts only if strace's log says that it was that call of the acting thread; otherwise the
 * script is recorded anew, for the call may have another number now, and it is tried again.
 */
final class Sweep {
  /** Calls about the virtual machine's own locks and memory do not all come in each run. */
  private static final int ATTEMPTS = 5;

  private static final String BACKEND = "/local/domain/0/backend/vif/7/0";

  private final ScriptCase script;
  private final Harm harm;
  private final Supplier<Dom0> hosts;
  private final HostState before;
  private final HostState wanted;
  private final List<SystemCall> calls;
  private final List<Verdict> verdicts = Collections.synchronizedList(new ArrayList<>());

  /**
   * What came of it.
   *
   * @param isDone whether the state is the one wanted, not the one before
   * @param seconds from the end of the virtual machine to that of the launcher
   * @param faults empty when it is one of the two, and nothing else was left
   */
  record Verdict(SystemCall call, boolean isDone, double seconds, List<String> faults) {}

  /** What one run left. */
  private record Run(Path log, int code, double seconds) {}

  /** Records one run that nobody disturbs. */
  Sweep(ScriptCase script, Harm harm, Supplier<Dom0> hosts) {
    this.script = script;
    this.harm = harm;
    this.hosts = hosts;
    try (Dom0 dom0 = hosts.get()) {
      before = state(dom0);
      calls = record(dom0);
      wanted = state(dom0);
    }
  }

  /** With what only network scripts change. */
  private static HostState state(Dom0 dom0) {
    return HostState.of(dom0).with(dom0.forwarding()).with(dom0.words());
  }

  /** The calls of one run that nobody disturbs, from the first about the journal. */
  private List<SystemCall> record(Dom0 dom0) {
    List<SystemCall> all = SystemCall.read(run(dom0, Optional.empty()).log());
    return all.subList(firstOfJournal(all), all.size());
  }

  private static int firstOfJournal(List<SystemCall> calls) {
    for (int i = 0; i < calls.size(); i++) {
      if (calls.get(i).text().contains(".new")) {
        return i;
      }
    }
    throw new AssertionError("no journal was written");
  }

  /** Every call from the first about the journal to the end. */
  List<SystemCall> calls() {
    return calls;
  }

  private Run run(Dom0 dom0, Optional<SystemCall> victim) {
    Path log = dom0.file("strace");
    ScriptProcess process = ScriptProcess.start(dom0, script);
    Strace strace;
    try (process) {
      strace = Strace.attach(dom0, process.thread(), log, victim.map(harm::injection));
    }
    long end = strace.await();
    int code = process.await();
    return new Run(log, code, (System.nanoTime() - end) / 1e9);
  }

  /** Does it at each of these calls, on two hosts at a time. */
  List<Verdict> at(List<SystemCall> victims) throws InterruptedException {
    Queue<SystemCall> left = new ConcurrentLinkedQueue<>(victims);
    List<Throwable> troubles = Collections.synchronizedList(new ArrayList<>());
    Thread.Builder threads =
        Thread.ofPlatform().uncaughtExceptionHandler((thread, trouble) -> troubles.add(trouble));
    Thread other = threads.start(() -> work(left));
    Thread one = threads.start(() -> work(left));
    other.join();
    one.join();
    if (!troubles.isEmpty()) {
      throw new AssertionError(troubles.toString(), troubles.getFirst());
    }
    return List.copyOf(verdicts);
  }

  private void work(Queue<SystemCall> left) {
    Dom0 dom0 = hosts.get();
    for (SystemCall call = left.poll(); call != null; call = left.poll()) {
      Optional<Verdict> verdict = at(dom0, call);
      verdict.ifPresent(verdicts::add);
      if (verdict.filter(one -> !one.faults().isEmpty()).isPresent()) {
        dom0.close();
        dom0 = hosts.get();
      }
    }
    dom0.close();
  }

  /** Empty when the call did not come again. */
  private Optional<Verdict> at(Dom0 dom0, SystemCall call) {
    Optional<SystemCall> victim = Optional.of(call);
    for (int attempt = 1; victim.isPresent(); attempt++) {
      Run run = run(dom0, victim);
      Verdict verdict = judge(dom0, call, run);
      if (verdict.isDone() && verdict.faults().isEmpty()) {
        comeBack(dom0);
      }
      if (harm.happened(victim.get(), run.log()) || !verdict.faults().isEmpty()) {
        return Optional.of(verdict);
      }
      victim = attempt < ATTEMPTS ? again(dom0, call) : Optional.empty();
    }
    return Optional.empty();
  }

  /** Where the call is in a run now. */
  private Optional<SystemCall> again(Dom0 dom0, SystemCall call) {
    Optional<SystemCall> counterpart = call.counterpart(calls, record(dom0));
    comeBack(dom0);
    return counterpart;
  }

  private void comeBack(Dom0 dom0) {
    script.comeBack(dom0);
    Patience.until(before::equals, () -> state(dom0));
  }

  private Verdict judge(Dom0 dom0, SystemCall call, Run run) {
    String said = dom0.said();
    boolean killed = harm == Harm.KILL;
    if (killed ? !script.isGuarded() : !dom0.leftovers().isEmpty()) {
      dom0.run(ScriptCase.nextRun());
    }
    List<String> faults = new ArrayList<>(dom0.leftovers());
    boolean told = forgetError(dom0);
    HostState after = Patience.until(this::isWhole, () -> state(dom0));
    boolean done = after.equals(wanted);
    if (!isWhole(after)) {
      faults.addAll(before.differencesFrom(after));
    }
    if (told && killed) {
      faults.add("the toolstack was told of an error");
    }
    if (!killed && done != (run.code() == 0)) {
      faults.add("exit code " + run.code() + ", done: " + done);
    }
    if (!faults.isEmpty()) {
      faults.add(said);
    }
    return new Verdict(call, done, run.seconds(), faults);
  }

  /** A script that failed has told the toolstack, which takes that away again. */
  private boolean forgetError(Dom0 dom0) {
    String status = BACKEND + "/hotplug-status";
    boolean told = dom0.store().readIfPresent(status).filter("error"::equals).isPresent();
    if (told) {
      dom0.store().remove(BACKEND + "/hotplug-error");
      dom0.store().remove(status);
      if (before.lines().contains("store " + status + " = connected")) {
        dom0.store().write(status, "connected");
      }
    }
    return told;
  }

  private boolean isWhole(HostState state) {
    return state.equals(before) || state.equals(wanted);
  }
}
