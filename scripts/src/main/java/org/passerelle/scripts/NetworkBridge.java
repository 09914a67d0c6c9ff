package org.passerelle.scripts;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.passerelle.bridge.BridgedNic;
import org.passerelle.link.list.Lists;
import org.passerelle.link.os.HostFiles;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Plan;

/**
 * {@code network-bridge start|stop|status}: the NIC becomes a bridge's port.
 *
 * <p>For several NICs at once, {@code netdev}, {@code bridge} and {@code vifnum} have as many
 * words, between blanks or commas (xend splits at blanks), or are left out: then they follow from
 * each NIC's name.
 */
public final class NetworkBridge extends NetworkScript {
  /** All but what network-multi-vlan says in its own way. */
  static final List<UsageEntry> BRIDGING =
      List.of(
          UsageEntry.word("vifnum", "which veth and vif0", "the default route's digits, else 0"),
          UsageEntry.word("pairs", "how many pairs of veth0 and vif0.0 there are at least", "1"),
          UsageEntry.word(
              "generation", "netloop: Xen 3.1; rename: 3.2 to 4.4; keep: no renaming", "netloop"),
          UsageTables.GUARDING);

  private static final Usage USAGE =
      Usage.ofNetwork(
          "network-bridge",
          "Gives NICs a bridge each, to which dom0's addresses and routes move.",
          Lists.concat(
              List.of(
                  UsageEntry.word(
                      "netdev", "the NIC, or several", "eth$vifnum, or the default route's device"),
                  UsageEntry.word(
                      "bridge", "its name; null: none", "xenbr$vifnum, or the NIC's with rename")),
              BRIDGING));

  private final HostFiles files;

  public NetworkBridge() {
    this(HostFiles.REAL);
  }

  NetworkBridge(HostFiles files) {
    super(USAGE);
    this.files = files;
  }

  @Override
  List<String> startedFor(ScriptContext context, ScriptArguments arguments) {
    return BridgedNics.of(arguments, host(context)).stream().map(BridgedNic::netdev).toList();
  }

  @Override
  void start(ScriptContext context, ScriptArguments arguments, PlanRunner runner) {
    Host before = host(context);
    List<BridgedNic> nics = BridgedNics.of(arguments, before);
    NicMove move = new NicMove(nics, before, files);
    if (move.isRefused(context.log())) {
      carryOut(context, arguments, runner, _ -> Plan.NONE);
      return;
    }
    move.requireLeasesKept(before);
    nics.stream().flatMap(nic -> nic.remark().stream()).forEach(context.err()::println);
    RoutedByNic routed = new RoutedByNic(before, runner.keepsakes(), arguments.dryRun());
    List<String> guests = nics.stream().flatMap(nic -> routed.starting(nic).stream()).toList();
    carryOutAll(
        context, arguments, runner, live -> planners(context, arguments, live, BridgedNic::start));
    guests.forEach(line -> warn(context, line));
    afterwards(context, () -> move.advice(host(context)).forEach(context.out()::println));
  }

  @Override
  void stop(ScriptContext context, ScriptArguments arguments, PlanRunner runner) {
    Host before = host(context);
    List<BridgedNic> nics = BridgedNics.of(arguments, before);
    Optional<String> loss =
        new BridgeLoss(before, BridgeLoss.stopped(before, nics.stream()).toList())
            .line(arguments.dryRun());
    RoutedByNic routed = new RoutedByNic(before, runner.keepsakes(), arguments.dryRun());
    List<String> guests = nics.stream().flatMap(nic -> routed.stopping(nic).stream()).toList();
    NicReturn back = new NicReturn(nics, before, files);
    back.requireLeasesKept(before);
    carryOutAll(
        context,
        arguments,
        runner,
        live -> planners(context, arguments, live, BridgedNic::stop).reversed());
    Stream.concat(loss.stream(), guests.stream()).forEach(line -> warn(context, line));
    afterwards(context, () -> back.advice(host(context)).forEach(context.out()::println));
  }

  /** What is to be done with a NIC. */
  private interface Move {
    Plan plan(BridgedNic nic, Host host, boolean live);
  }

  /** Each plans from the host as it is by then: a route may lead out by several of the NICs. */
  private static List<Supplier<Plan>> planners(
      ScriptContext context, ScriptArguments arguments, boolean live, Move move) {
    return BridgedNics.of(arguments, host(context)).stream()
        .<Supplier<Plan>>map(nic -> () -> move.plan(nic, host(context), live))
        .toList();
  }

  @Override
  void status(ScriptContext context, ScriptArguments arguments) {
    Host host = host(context);
    List<String> devices =
        BridgedNics.of(arguments, host).stream().flatMap(nic -> nic.devices().stream()).toList();
    new StatusReport(host, devices).lines().forEach(context.out()::println);
  }
}
