package org.passerelle.scripts;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.passerelle.link.plan.Announcement;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Keepsakes;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.plan.PlanSteps;
import org.passerelle.link.plan.SetSysctl;
import org.passerelle.link.plan.Step;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.natroute.Forwarding;

/**
 * What makes dom0 a router: settings that {@code stop} puts back as they were, unless another such
 * script, or the same for another way out, still wants them.
 */
abstract class ForwardingScript extends NetworkScript {
  /** Whoever changes the host's settings, or makes and deletes the table, has it. */
  static final String LOCK = "forwarding";

  static final String NETDEV = "netdev";
  static final String IPV6 = "ipv6";

  private final boolean answers;

  /**
   * @param answers whether dom0 answers outside for its guests
   */
  ForwardingScript(String name, Set<String> keys, boolean answers) {
    super(name, keys);
    this.answers = answers;
  }

  /** What there is beside the settings. */
  abstract void addMore(PlanSteps steps, ScriptArguments arguments);

  abstract void removeMore(PlanSteps steps, ScriptArguments arguments);

  @Override
  void start(ScriptContext context, ScriptArguments arguments) {
    Optional<String> services = arguments.value(HostServices.KEY);
    services.ifPresent(wanted -> checkServices(context, arguments, wanted));
    if (arguments.dryRun()) {
      route(context, arguments);
      return;
    }
    RunMark mark = services(context).mark(name(), netdev(arguments));
    Optional<String> before = mark.isSet() ? Optional.of(mark.word()) : Optional.empty();
    // Before any vif may be attached, which would have no limit.
    set(mark, services);
    try {
      route(context, arguments);
    } catch (RuntimeException e) {
      set(mark, before);
      throw e;
    }
  }

  private static HostServices services(ScriptContext context) {
    return new HostServices(context.runDirectory());
  }

  private static void set(RunMark mark, Optional<String> word) {
    word.ifPresentOrElse(mark::set, mark::remove);
  }

  /** Better no network than one whose vifs will all be refused. */
  private void checkServices(ScriptContext context, ScriptArguments arguments, String wanted) {
    services(context).check(name(), netdev(arguments), wanted);
    try {
      context.kernel().hasTable();
    } catch (KernelException e) {
      throw new ScriptException(
          "services= cannot be had, and nothing was changed: " + e.getMessage(), e);
    }
  }

  private void route(ScriptContext context, ScriptArguments arguments) {
    act(
        context,
        arguments,
        runner -> {
          Host host = host(context);
          Forwarding forwarding = forwarding(arguments, host);
          PlanSteps steps = new PlanSteps(host);
          forwarding.addMissing(steps);
          addMore(steps, arguments);
          List<SetSysctl> wanted =
              forwarding.wanted(host).stream()
                  .map(Step::operation)
                  .map(SetSysctl.class::cast)
                  .toList();
          return new Act(steps.build(), runner.keepsakes().keeping(user(arguments), wanted, host));
        });
  }

  @Override
  List<String> startedFor(ScriptContext context, ScriptArguments arguments) {
    return List.of(netdev(arguments));
  }

  @Override
  void stop(ScriptContext context, ScriptArguments arguments) {
    act(
        context,
        arguments,
        runner -> {
          Keepsakes kept = runner.keepsakes();
          String user = user(arguments);
          if (!kept.isKept(user)) {
            context.log().log(
                ScriptLog.Level.WARNING,
                user + " was not started since this host was: the settings stay");
          }
          PlanSteps steps = new PlanSteps(host(context));
          removeMore(steps, arguments);
          kept.restoring(user, context.kernel()).steps().forEach(steps::add);
          return new Act(steps.build(), kept.forgetting(user));
        });
    if (!arguments.dryRun()) {
      services(context).mark(name(), netdev(arguments)).remove();
    }
  }

  @Override
  void status(ScriptContext context, ScriptArguments arguments) {
    new StatusReport(host(context), List.of(netdev(arguments)))
        .lines()
        .forEach(context.out()::println);
  }

  /** A plan, and what is kept or forgotten with it. */
  private record Act(Plan plan, Announcement end) {}

  private interface Planner {
    Act plan(PlanRunner runner);
  }

  private void act(ScriptContext context, ScriptArguments arguments, Planner planner) {
    PlanRunner runner = new PlanRunner(context);
    if (arguments.dryRun()) {
      planner.plan(runner).plan().lines().forEach(context.out()::println);
      return;
    }
    runner.alone(
        LOCK,
        () -> {
          Act act = planner.plan(runner);
          runner.run(name() + " " + arguments.command(), act.plan(), act.end());
        });
  }

  private Forwarding forwarding(ScriptArguments arguments, Host host) {
    String netdev = netdev(arguments);
    boolean ipv6 =
        arguments.value(IPV6).isPresent()
            ? arguments.isYes(IPV6)
            : Forwarding.hasIpv6(host, netdev);
    Forwarding forwarding = new Forwarding(netdev, answers, ipv6);
    forwarding.check(host);
    return forwarding;
  }

  static String netdev(ScriptArguments arguments) {
    return arguments.value(NETDEV).orElse("eth0");
  }

  /** For whom the host is changed. */
  final String user(ScriptArguments arguments) {
    return name() + " " + netdev(arguments);
  }
}
