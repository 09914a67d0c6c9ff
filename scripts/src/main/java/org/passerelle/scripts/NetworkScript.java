package org.passerelle.scripts;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.plan.PlanException;
import org.passerelle.link.plan.RunMark;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.rtnl.Refusal;

/** What the network scripts have in common: start, stop and status, one plan, one lock. */
public abstract class NetworkScript implements HotplugScript {
  static final String WITHOUT_BRIDGE = "null";

  /** What a start changes nothing of at vifs that have it. */
  private static final Set<String> OUTLIVING = Set.of(HostServices.KEY, HostAntispoof.KEY);

  private static final String STAYS =
      "; vifs attached already keep it until they are attached again";
  private static final String WOULD_STAY =
      "; vifs attached already would keep it until they are attached again";

  private final String name;
  private final Usage usage;

  /**
   * @param usage with its name, as messages and journals have it
   */
  NetworkScript(Usage usage) {
    this.name = usage.name();
    this.usage = usage;
  }

  final String name() {
    return name;
  }

  @Override
  public final List<String> words() {
    return usage.words();
  }

  @Override
  public final int run(ScriptContext context) {
    if (usage.answers(context)) {
      return 0;
    }
    try {
      ScriptArguments arguments = ScriptArguments.parse(context.arguments());
      refuseServicesOfBridges(arguments);
      usage.refuseWithoutValue(arguments);
      usage.warnOfUnknown(context, arguments);
      return run(arguments.dryRun() ? context.planning() : context, arguments);
    } catch (RuntimeException e) {
      context.log().log(ScriptLog.Level.ERR, Failures.line(e));
      return 1;
    }
  }

  private int run(ScriptContext context, ScriptArguments arguments) {
    switch (arguments.command()) {
      case "start" -> inTurn(context, arguments, runner -> startMarked(context, arguments, runner));
      case "stop" -> inTurn(context, arguments, runner -> stop(context, arguments, runner));
      case "status" -> {
        status(context, arguments);
        tellWhatWasCutOff(context);
      }
      default -> {
        return unknown(context, arguments.command());
      }
    }
    return 0;
  }

  /**
   * What this start, or stop, is for: NICs by the names that they have without it, or their VLANs.
   * Each may be started and stopped for itself.
   */
  abstract List<String> startedFor(ScriptContext context, ScriptArguments arguments);

  /** Whoever changes what this script changes, or leaves marks of that, has it. */
  String lock() {
    return "network-bridge";
  }

  /** Does this while no other script does the like; a plan in print waits for none. */
  private void inTurn(ScriptContext context, ScriptArguments arguments, Consumer<PlanRunner> task) {
    PlanRunner runner = new PlanRunner(context);
    if (arguments.dryRun()) {
      task.accept(runner);
    } else {
      runner.alone(lock(), () -> task.accept(runner));
    }
  }

  /** With what is to be said of the words of this start, and of those before it. */
  private void startMarked(ScriptContext context, ScriptArguments arguments, PlanRunner runner) {
    boolean guarded = isGuarded(arguments);
    if (guarded && isWithoutBridge(arguments)) {
      throw new ScriptException(
          "antispoof=yes guards nothing with bridge=null: no vif is told of it");
    }
    if (guarded) {
      requireGuards(context);
    }
    Map<String, String> before = counting(context, arguments);
    List<String> late = late(context, arguments);
    start(context, arguments, runner);
    before.forEach((key, value) -> warnOfDropped(context, arguments, key, value));
    late.forEach(line -> warn(context, line));
  }

  /** What is to be said after a start of vifs that it comes too late for; asked before it. */
  List<String> late(ScriptContext context, ScriptArguments arguments) {
    return List.of();
  }

  /** The words that count now, of earlier starts for the same. */
  Map<String, String> counting(ScriptContext context, ScriptArguments arguments) {
    HostAntispoof host = new HostAntispoof(context.runDirectory());
    boolean guarded =
        host.isWanted()
            && host.marks(name, startedFor(context, arguments)).stream().anyMatch(RunMark::isSet);
    return guarded ? Map.of(HostAntispoof.KEY, "yes") : Map.of();
  }

  /** What is to become of the marks of this script by this start or stop. */
  List<Marking.Wanted> marks(ScriptContext context, ScriptArguments arguments) {
    HostAntispoof host = new HostAntispoof(context.runDirectory());
    boolean guarded = isGuarded(arguments);
    return !guarded && !host.isWanted()
        ? List.of()
        : host.wanted(name, startedFor(context, arguments), guarded);
  }

  /** A stop ends it, whatever words it has. */
  private static boolean isGuarded(ScriptArguments arguments) {
    return arguments.command().equals("start") && arguments.isYes(HostAntispoof.KEY);
  }

  final Marking marking(ScriptContext context, ScriptArguments arguments) {
    return Marking.of(marks(context, arguments));
  }

  /** Better no network than one whose vifs will all be refused. */
  private static void requireGuards(ScriptContext context) {
    try {
      context.kernel().guard("lo");
    } catch (KernelException e) {
      throw new ScriptException(
          "antispoof=yes cannot be had, and nothing was changed: " + e.getMessage(), e);
    }
  }

  /** What a killed one left is neither started nor stopped, and looks like one or the other. */
  private void tellWhatWasCutOff(ScriptContext context) {
    new PlanRunner(context)
        .cutOff().stream()
            .filter(owner -> owner.startsWith(name + " "))
            .map(owner -> owner + " was cut off half-way: run it again, or stop, which undoes it")
            .forEach(context.out()::println);
  }

  abstract void start(ScriptContext context, ScriptArguments arguments, PlanRunner runner);

  abstract void stop(ScriptContext context, ScriptArguments arguments, PlanRunner runner);

  abstract void status(ScriptContext context, ScriptArguments arguments);

  private static int unknown(ScriptContext context, String command) {
    context.err().println("Unknown command: " + command);
    context.err().println("Valid commands are: start, stop, status");
    return 1;
  }

  /** To go on without a limit that was asked for would be worse than not to start. */
  private void refuseServicesOfBridges(ScriptArguments arguments) {
    boolean wanted =
        arguments.command().equals("start") && arguments.value(HostServices.KEY).isPresent();
    if (wanted && !usage.takes(HostServices.KEY)) {
      throw new ScriptException(HostServices.WITH_BRIDGES);
    }
  }

  /** A start says all that is wanted: whoever left a word out may not have meant to. */
  private static void warnOfDropped(
      ScriptContext context, ScriptArguments arguments, String key, String value) {
    if (arguments.value(key).isEmpty()) {
      boolean dry = arguments.dryRun();
      warn(
          context,
          "%s was %s; this start has no %s=, and it %s"
                  .formatted(key, value, key, dry ? "would count no more" : "counts no more")
              + (OUTLIVING.contains(key) ? dry ? WOULD_STAY : STAYS : ""));
    }
  }

  static void warn(ScriptContext context, String text) {
    context.log().log(ScriptLog.Level.WARNING, text);
  }

  static Host host(ScriptContext context) {
    return new Host(context.kernel());
  }

  static boolean isWithoutBridge(ScriptArguments arguments) {
    return arguments.value("bridge").equals(Optional.of(WITHOUT_BRIDGE));
  }

  /** Says what is to be known of a plan that was carried out: to fail at that undoes nothing. */
  static void afterwards(ScriptContext context, Runnable words) {
    try {
      words.run();
    } catch (KernelException e) {
      warn(context, "done, but not looked at again: " + e.getMessage());
    }
  }

  /** Makes the plan and carries it out, or prints it. */
  final void carryOut(
      ScriptContext context,
      ScriptArguments arguments,
      PlanRunner runner,
      Function<Boolean, Plan> planner) {
    carryOut(context, arguments, runner, planner, () -> {});
  }

  /** The same, and then what is no step of a plan: when that fails all is undone. */
  final void carryOut(
      ScriptContext context,
      ScriptArguments arguments,
      PlanRunner runner,
      Function<Boolean, Plan> planner,
      Runnable last) {
    carryOutAll(context, arguments, runner, live -> List.of(() -> planner.apply(live)), last);
  }

  /** The same with several plans, each made from what those before it left. */
  final void carryOutAll(
      ScriptContext context,
      ScriptArguments arguments,
      PlanRunner runner,
      Function<Boolean, List<Supplier<Plan>>> planners) {
    carryOutAll(context, arguments, runner, planners, () -> {});
  }

  private void carryOutAll(
      ScriptContext context,
      ScriptArguments arguments,
      PlanRunner runner,
      Function<Boolean, List<Supplier<Plan>>> planners,
      Runnable last) {
    boolean live = KernelRelease.renamesLive();
    Marking marking = marking(context, arguments);
    if (arguments.dryRun()) {
      print(
          context,
          marking.around(planners.apply(live)).stream()
              .flatMap(planner -> planner.get().lines().stream())
              .toList());
      return;
    }
    carryOut(
        context,
        runner,
        name + " " + arguments.command(),
        now -> marking.around(planners.apply(now)),
        last,
        live);
  }

  /** A plan in print; silence could be taken for anything. */
  static void print(ScriptContext context, List<String> plan) {
    (plan.isEmpty() ? List.of("nothing to do") : plan).forEach(context.out()::println);
  }

  /** A driver may refuse a new MAC while its NIC is up: then it goes down for it. */
  private static void carryOut(
      ScriptContext context,
      PlanRunner runner,
      String owner,
      Function<Boolean, List<Supplier<Plan>>> planners,
      Runnable last,
      boolean live) {
    try {
      runner.run(owner, planners.apply(live), last);
    } catch (PlanException e) {
      boolean busy = e.getCause() instanceof KernelException k && Refusal.EBUSY.is(k);
      if (!live || !busy || !e.troubles().isEmpty()) {
        throw e;
      }
      context.log().log(ScriptLog.Level.INFO, e.getMessage() + "; once more, with the device down");
      runner.run(owner, planners.apply(false), last);
    }
  }
}
