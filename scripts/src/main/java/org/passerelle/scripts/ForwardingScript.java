package org.passerelle.scripts;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.passerelle.link.plan.Announcement;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Keepsakes;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.plan.PlanSteps;
import org.passerelle.link.plan.RunMark;
import org.passerelle.link.plan.SetSysctl;
import org.passerelle.link.plan.Step;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.natroute.Forwarding;
import org.passerelle.natroute.GuestServices;
import org.passerelle.natroute.RoutedGuest;

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
  ForwardingScript(Usage usage, boolean answers) {
    super(usage);
    this.answers = answers;
  }

  /** What there is beside the settings. */
  abstract void addMore(PlanSteps steps, ScriptArguments arguments);

  abstract void removeMore(PlanSteps steps, ScriptArguments arguments);

  /** Adds what else is started, for {@code status}. */
  abstract void addFacts(ForwardingFacts facts, Host host, ScriptArguments arguments);

  /** Which guests are attached for this mode. */
  abstract List<RoutedGuest> guests(Host host);

  @Override
  final String lock() {
    return LOCK;
  }

  @Override
  Map<String, String> counting(ScriptContext context, ScriptArguments arguments) {
    Map<String, String> counting = new TreeMap<>(super.counting(context, arguments));
    services(context, arguments)
        .wordIfSet()
        .filter(words -> !words.equals(GuestServices.ANY))
        .ifPresent(words -> counting.put(HostServices.KEY, words));
    return counting;
  }

  @Override
  List<String> late(ScriptContext context, ScriptArguments arguments) {
    Host host = host(context);
    List<RoutedGuest> guests = guests(host);
    List<String> lines =
        new ArrayList<>(
            new LateWords(context.runDirectory(), name(), arguments)
                .lines(() -> guests.stream().map(RoutedGuest::vif).toList()));
    LostRules lost =
        new LostRules(
            new VifFacts(context.runDirectory(), host),
            name().replaceFirst("^network-", "vif-"),
            wordsOfVifs(arguments));
    lines.addAll(lost.lines(guests));
    masked(context, arguments).ifPresent(lines::add);
    return lines;
  }

  /** As the originals' rule, that of NAT mode is for all that goes out by the NIC. */
  private Optional<String> masked(ScriptContext context, ScriptArguments arguments) {
    String other = answers ? "network-nat" : "network-route";
    String netdev = netdev(arguments);
    return new PlanRunner(context).keepsakes().isKept(other + " " + netdev)
        ? Optional.of(
            "%s is started for %s too, so that outside vif-route's guests bear dom0's address there"
                .formatted(other, netdev))
        : Optional.empty();
  }

  /** Without it vif-route would have vifs answer for eth0's address, whatever was started. */
  private List<String> wordsOfVifs(ScriptArguments arguments) {
    return answers ? List.of(NETDEV + "=" + netdev(arguments)) : List.of();
  }

  @Override
  void start(ScriptContext context, ScriptArguments arguments, PlanRunner runner) {
    HostServices.refuseEmpty(arguments);
    arguments
        .value(HostServices.KEY)
        .ifPresent(wanted -> checkServices(context, arguments, wanted));
    carryOut(context, arguments, runner, starting(context, arguments, runner));
  }

  private RunMark services(ScriptContext context, ScriptArguments arguments) {
    return new HostServices(context.runDirectory()).mark(name(), netdev(arguments));
  }

  @Override
  List<Marking.Wanted> marks(ScriptContext context, ScriptArguments arguments) {
    List<Marking.Wanted> marks = new ArrayList<>(super.marks(context, arguments));
    Optional<String> word =
        arguments.value(HostServices.KEY).filter(_ -> arguments.command().equals("start"));
    marks.add(new HostServices(context.runDirectory()).wanted(name(), netdev(arguments), word));
    return marks;
  }

  /** Better no network than one whose vifs will all be refused. */
  private void checkServices(ScriptContext context, ScriptArguments arguments, String wanted) {
    new HostServices(context.runDirectory()).check(name(), netdev(arguments), wanted);
    try {
      context.kernel().hasTable();
    } catch (KernelException e) {
      throw new ScriptException(
          "services= cannot be had, and nothing was changed: " + e.getMessage(), e);
    }
  }

  private Act starting(ScriptContext context, ScriptArguments arguments, PlanRunner runner) {
    Host host = host(context);
    Forwarding forwarding = forwarding(arguments, host);
    PlanSteps steps = new PlanSteps(host);
    forwarding.addMissing(steps);
    addMore(steps, arguments);
    List<SetSysctl> wanted =
        forwarding.wanted(host).stream().map(Step::operation).map(SetSysctl.class::cast).toList();
    return new Act(steps.build(), runner.keepsakes().keeping(user(arguments), wanted, host));
  }

  @Override
  List<String> startedFor(ScriptContext context, ScriptArguments arguments) {
    return List.of(netdev(arguments));
  }

  @Override
  void stop(ScriptContext context, ScriptArguments arguments, PlanRunner runner) {
    if (arguments.dryRun() && RunMark.isHidden(context.runDirectory())) {
      warn(
          context,
          user(arguments) + ": whether it was started only root sees, and what would be put back");
      return;
    }
    Host host = host(context);
    boolean started = isStarted(context, arguments);
    List<RoutedGuest> losing = started ? guests(host) : List.of();
    if (!started) {
      warn(context, user(arguments) + " is not started: the settings stay");
    }
    carryOut(context, arguments, runner, stopping(context, arguments, runner, host));
    RoutedGuest.loss(losing, netdev(arguments), arguments.dryRun())
        .ifPresent(text -> warn(context, text));
  }

  private Act stopping(
      ScriptContext context, ScriptArguments arguments, PlanRunner runner, Host host) {
    Keepsakes kept = runner.keepsakes();
    String user = user(arguments);
    PlanSteps steps = new PlanSteps(host);
    removeMore(steps, arguments);
    kept.restoring(user, context.kernel()).steps().forEach(steps::add);
    return new Act(steps.build(), kept.forgetting(user));
  }

  @Override
  void status(ScriptContext context, ScriptArguments arguments) {
    Host host = host(context);
    new StatusReport(host, List.of(netdev(arguments))).lines().forEach(context.out()::println);
    facts(context, arguments, host).lines().forEach(context.out()::println);
  }

  final boolean isStarted(ScriptContext context, ScriptArguments arguments) {
    return new PlanRunner(context).keepsakes().isKept(user(arguments));
  }

  private ForwardingFacts facts(ScriptContext context, ScriptArguments arguments, Host host) {
    ForwardingFacts facts = new ForwardingFacts(user(arguments));
    if (RunMark.isHidden(context.runDirectory())) {
      return facts.hidden();
    }
    if (!isStarted(context, arguments)) {
      return facts.notStarted();
    }
    facts.add("forwards", () -> families(host));
    addFacts(facts, host, arguments);
    facts.add(
        HostServices.KEY, () -> services(context, arguments).wordIfSet().orElse(GuestServices.ANY));
    facts.add(
        HostAntispoof.KEY,
        () -> new HostAntispoof(context.runDirectory()).isWanted() ? "yes" : "no");
    VifFacts vifs = new VifFacts(context.runDirectory(), host);
    guests(host).forEach(guest -> facts.add(guest.vif(), () -> vifs.words(guest)));
    return facts;
  }

  private static String families(Host host) {
    List<String> families = new ArrayList<>();
    if (isOn(SetSysctl.forwardIpv4(), host)) {
      families.add("IPv4");
    }
    if (isOn(SetSysctl.forwardIpv6(), host)) {
      families.add("IPv6");
    }
    return families.isEmpty()
        ? "nothing: the settings are off; start it again, where /proc/sys can be written"
        : String.join(", ", families);
  }

  private static boolean isOn(SetSysctl setting, Host host) {
    return setting.present(host).equals(Optional.of(setting.value()));
  }

  /** A plan, and what is kept or forgotten with it. */
  private record Act(Plan plan, Announcement end) {}

  private void carryOut(
      ScriptContext context, ScriptArguments arguments, PlanRunner runner, Act act) {
    Plan plan = marking(context, arguments).around(act.plan());
    if (arguments.dryRun()) {
      print(context, plan.lines());
    } else {
      runner.run(name() + " " + arguments.command(), plan, act.end());
    }
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
