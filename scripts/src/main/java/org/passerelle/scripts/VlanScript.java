package org.passerelle.scripts;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Stream;
import org.passerelle.link.os.HostFiles;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.plan.PlanException;
import org.passerelle.link.plan.VifNames;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.rtnl.Refusal;
import org.passerelle.link.wire.VlanId;
import org.passerelle.vlan.TaggedNic;
import org.passerelle.vlan.Tagger;
import org.passerelle.vlan.VlanBridge;

/**
 * The scripts that give a NIC's VLANs a bridge each. {@code netdev} is eth0 unless it is given, as
 * in the original; {@code bridge=null} is none at all.
 */
public abstract class VlanScript extends NetworkScript {
  private static final String NO_VLANS =
      "; the kernel's VLANs need modprobe 8021q, or a kernel with CONFIG_VLAN_8021Q; without it"
          + " there is switching=userspace";

  private final TrunkLauncher trunks;

  VlanScript(Usage usage, TrunkLauncher trunks) {
    super(usage);
    this.trunks = trunks;
  }

  /**
   * The VLANs that these words ask for.
   *
   * @throws org.passerelle.link.plan.RefusedException when there cannot be such
   */
  public final List<VlanBridge> wanted(List<String> arguments) {
    return wanted(ScriptArguments.parse(arguments));
  }

  /** The VLANs that are asked for. */
  abstract List<VlanBridge> wanted(ScriptArguments arguments);

  /** Those that are to be stopped, or told of. */
  abstract List<VlanId> meant(ScriptArguments arguments, Host host, TaggedNic nic);

  /** The NIC, and what else is to be done with it. */
  abstract VlanNetwork network(ScriptArguments arguments, Host host, TaggedNic nic);

  private VlanNetwork network(ScriptArguments arguments, Host host) {
    String netdev = arguments.value("netdev").orElse("eth0");
    return network(arguments, host, new TaggedNic(BridgedNics.nicOf(host, netdev)));
  }

  @Override
  final List<String> startedFor(ScriptContext context, ScriptArguments arguments) {
    if (isWithoutBridge(arguments)) {
      return List.of();
    }
    Host host = host(context);
    TaggedNic nic = network(arguments, host).nic();
    return Stream.concat(
            vlans(arguments, host, nic).map(nic::device), vanished(context, arguments, nic))
        .distinct()
        .toList();
  }

  /** A stop of all is for those, too, that were marked and are not there any more. */
  private Stream<String> vanished(ScriptContext context, ScriptArguments arguments, TaggedNic nic) {
    return arguments.command().equals("stop") && isForAll(arguments)
        ? new HostAntispoof(context.runDirectory()).devices(name()).stream().filter(nic::isDevice)
        : Stream.empty();
  }

  /** Whether these words, which name no VLANs, are for all that the NIC has. */
  abstract boolean isForAll(ScriptArguments arguments);

  /** What a stop of all has left of the NIC's networks, and the command for it. */
  abstract Optional<String> left(ScriptArguments arguments, Host host, TaggedNic nic);

  private Stream<VlanId> vlans(ScriptArguments arguments, Host host, TaggedNic nic) {
    return arguments.command().equals("start")
        ? wanted(arguments).stream().map(VlanBridge::vlan)
        : meant(arguments, host, nic).stream();
  }

  @Override
  final void start(ScriptContext context, ScriptArguments arguments, PlanRunner runner) {
    if (isWithoutBridge(arguments)) {
      return;
    }
    List<VlanBridge> wanted = wanted(arguments);
    Host before = host(context);
    VlanNetwork network = network(arguments, before);
    NicMove move = new NicMove(network.untagged().stream().toList(), before, HostFiles.REAL);
    if (move.isRefused(context.log())) {
      carryOut(context, arguments, runner, _ -> Plan.NONE);
      return;
    }
    network.remarks(wanted).forEach(context.err()::println);
    List<String> foreign = network.foreign(before, wanted);
    Tagger tagger = tagger(context, arguments);
    boolean filtering = !arguments.dryRun() || filters(context, arguments);
    try {
      make(context, arguments, runner, wanted, tagger, filtering);
    } catch (PlanException e) {
      if (!isUnsupported(e) || !e.troubles().isEmpty()) {
        throw e;
      }
      makeUnfiltered(context, arguments, runner, wanted, tagger);
    }
    foreign.forEach(line -> warn(context, line));
    afterwards(context, () -> tell(context, arguments, wanted, before, move));
  }

  private static Tagger tagger(ScriptContext context, ScriptArguments arguments) {
    return Switching.tagger(
        arguments.value(Switching.KEY),
        () ->
            asked(
                context,
                arguments,
                context.kernel()::makesVlans,
                "whether this kernel makes VLANs only root sees: this is the plan if it does"));
  }

  /** A plan that is carried out finds that out by itself. */
  private static boolean filters(ScriptContext context, ScriptArguments arguments) {
    return asked(
        context,
        arguments,
        context.kernel()::filtersVlans,
        "whether this kernel's bridges look at tags only root sees: this is the plan if they do");
  }

  /** Root alone may ask; whoever only wants to see a plan sees that of a kernel that can. */
  private static boolean asked(
      ScriptContext context, ScriptArguments arguments, BooleanSupplier question, String unknown) {
    try {
      return question.getAsBoolean();
    } catch (KernelException e) {
      if (!arguments.dryRun() || !Refusal.EPERM.is(e)) {
        throw e;
      }
      context.err().println(unknown);
      return true;
    }
  }

  private TrunkService trunk(ScriptContext context, ScriptArguments arguments) {
    return trunk(context, network(arguments, host(context)).nic());
  }

  private TrunkService trunk(ScriptContext context, TaggedNic nic) {
    return new TrunkService(context, nic, trunks, TrunkPatience.OF_NETWORKS);
  }

  private void tell(
      ScriptContext context,
      ScriptArguments arguments,
      List<VlanBridge> wanted,
      Host before,
      NicMove move) {
    Host host = host(context);
    network(arguments, host).warnings(before, host, wanted).forEach(line -> warn(context, line));
    move.advice(host).forEach(context.out()::println);
  }

  @Override
  final void stop(ScriptContext context, ScriptArguments arguments, PlanRunner runner) {
    if (isWithoutBridge(arguments)) {
      return;
    }
    Host before = host(context);
    VlanNetwork stopped = network(arguments, before);
    TrunkService trunk = trunk(context, stopped.nic());
    NicReturn back = new NicReturn(stopped.untagged().stream().toList(), before, HostFiles.REAL);
    List<VlanId> meant = meant(arguments, before, stopped.nic());
    Optional<String> loss = stopped.loss(before, meant).line(arguments.dryRun());
    carryOut(
        context,
        arguments,
        runner,
        live -> {
          Host host = host(context);
          VlanNetwork network = network(arguments, host);
          return network.stop(host, meant(arguments, host, network.nic()), live);
        });
    loss.ifPresent(line -> warn(context, line));
    missing(before, stopped, meant).ifPresent(line -> warn(context, line));
    if (!arguments.dryRun()) {
      afterwards(context, trunk::settle);
      afterwards(context, () -> back.advice(host(context)).forEach(context.out()::println));
      afterwards(context, () -> tellWhatIsLeft(context, arguments));
    }
  }

  /** A stop of what is not there is no error, and may be one of the wrong NIC, or VLAN. */
  private static Optional<String> missing(Host host, VlanNetwork network, List<VlanId> meant) {
    TaggedNic nic = network.nic();
    Set<VlanId> made = new HashSet<>(nic.made(host));
    List<VlanId> missing = meant.stream().filter(vlan -> !made.contains(vlan)).toList();
    if (made.isEmpty() && network.untagged().isEmpty()) {
      return Optional.of("no VLAN of " + nic.netdev() + " was started: there is nothing to stop");
    }
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "not started for "
                + nic.netdev()
                + ": VLAN "
                + VifNames.first(
                    missing.stream().map(VlanId::toString).toList(), VlanNetwork.NAMED));
  }

  private void tellWhatIsLeft(ScriptContext context, ScriptArguments arguments) {
    if (isForAll(arguments)) {
      Host host = host(context);
      TaggedNic nic = network(arguments, host).nic();
      left(arguments, host, nic).ifPresent(context.out()::println);
    }
  }

  @Override
  final void status(ScriptContext context, ScriptArguments arguments) {
    Host host = host(context);
    VlanNetwork network = network(arguments, host);
    List<String> devices = network.devices(host, meant(arguments, host, network.nic()));
    new StatusReport(host, devices).lines().forEach(context.out()::println);
    TrunkService trunk = trunk(context, arguments);
    if (trunk.isNeeded()) {
      context.out().println(trunk.status());
    }
  }

  private void make(
      ScriptContext context,
      ScriptArguments arguments,
      PlanRunner runner,
      List<VlanBridge> wanted,
      Tagger tagger,
      boolean filtering) {
    TrunkService trunk = trunk(context, arguments);
    Function<Boolean, Plan> planner =
        live -> {
          Host host = host(context);
          return network(arguments, host).start(host, wanted, tagger, live, filtering);
        };
    if (arguments.dryRun()) {
      Plan plan = planner.apply(KernelRelease.renamesLive());
      List<String> lines = new ArrayList<>(marking(context, arguments).around(plan).lines());
      lines.addAll(tagger == Tagger.TRUNK ? trunk.plan() : List.of());
      print(context, lines);
    } else {
      carryOut(context, arguments, runner, planner, trunk::require);
    }
  }

  /** A kernel without bridges that look at tags refuses those; one without 8021q refuses again. */
  private void makeUnfiltered(
      ScriptContext context,
      ScriptArguments arguments,
      PlanRunner runner,
      List<VlanBridge> wanted,
      Tagger tagger) {
    try {
      make(context, arguments, runner, wanted, tagger, false);
    } catch (PlanException e) {
      throw isUnsupported(e) ? new ScriptException(e.getMessage() + NO_VLANS, e) : e;
    }
  }

  private static boolean isUnsupported(PlanException failure) {
    return failure.getCause() instanceof KernelException k && Refusal.EOPNOTSUPP.is(k);
  }
}
