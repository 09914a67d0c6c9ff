package org.passerelle.scripts;

import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.passerelle.bridge.BridgedNic;
import org.passerelle.link.os.ScriptLock;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.plan.PlanException;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.rtnl.Refusal;

/**
 * {@code network-bridge start|stop|status}. Keys: {@code generation} ({@code netloop}: the manner
 * of Xen 3.1; {@code rename}: that of 3.2 to 4.4; {@code keep}: the NIC keeps its name), {@code
 * vifnum} (the last digits of the default route's device, else 0), {@code bridge} (xenbr$vifnum,
 * with {@code rename} the NIC's name; null for none), {@code netdev} (eth$vifnum when vifnum is
 * given, else the default route's device), {@code pairs} (1: as many pairs veth0/vif0.0,
 * veth1/vif0.1, … at least), {@code antispoof=no}.
 *
 * <p>For several NICs at once, {@code netdev}, {@code bridge} and {@code vifnum} have as many
 * words, between blanks or commas (xend splits at blanks), or are left out: then they follow from
 * each NIC's name.
 */
public final class NetworkBridge implements HotplugScript {
  private static final Set<String> KEYS =
      Set.of("vifnum", "bridge", "netdev", "pairs", "generation", "antispoof");

  /** The original's, and its exit code, 0. */
  private static final String NETWORK_ROOT = "bridging not supported on network root; not starting";

  private final HostFiles files;

  public NetworkBridge() {
    this(HostFiles.REAL);
  }

  NetworkBridge(HostFiles files) {
    this.files = files;
  }

  @Override
  public int run(ScriptContext context) {
    try {
      ScriptArguments arguments = ScriptArguments.parse(context.arguments());
      return switch (arguments.command()) {
        case "start" -> start(context, arguments);
        case "stop" -> stop(context, arguments);
        case "status" -> status(context, arguments);
        default -> unknown(context, arguments.command());
      };
    } catch (RuntimeException e) {
      context.log().log(ScriptLog.Level.ERR, Failures.line(e));
      return 1;
    }
  }

  private static int unknown(ScriptContext context, String command) {
    context.err().println("Unknown command: " + command);
    context.err().println("Valid commands are: start, stop, status");
    return 1;
  }

  private int start(ScriptContext context, ScriptArguments arguments) {
    check(context, arguments);
    Host before = host(context);
    List<BridgedNic> nics = BridgedNics.of(arguments, before);
    if (nics.stream().anyMatch(nic -> new NetworkRoot(files).isOver(nic, before))) {
      context.log().log(ScriptLog.Level.WARNING, NETWORK_ROOT);
      return 0;
    }
    nics.stream().flatMap(nic -> nic.remark().stream()).forEach(context.err()::println);
    List<Lease> leases =
        nics.stream().flatMap(nic -> Lease.of(nic, before, files).stream()).toList();
    carryOut(context, arguments, live -> planners(context, arguments, live, BridgedNic::start));
    leases.stream()
        .flatMap(lease -> lease.advice(host(context)).stream())
        .forEach(context.out()::println);
    return 0;
  }

  private static int stop(ScriptContext context, ScriptArguments arguments) {
    check(context, arguments);
    carryOut(
        context,
        arguments,
        live -> planners(context, arguments, live, BridgedNic::stop).reversed());
    return 0;
  }

  private static Host host(ScriptContext context) {
    return new Host(context.kernel());
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

  private static void check(ScriptContext context, ScriptArguments arguments) {
    if (arguments.isYes("antispoof")) {
      throw new ScriptException(
          "antispoof=yes cannot be had yet: nothing would stop spoofed frames. Nothing was"
              + " changed; leave it out, or filter by other means");
    }
    List<String> unknown =
        arguments.values().keySet().stream().filter(key -> !KEYS.contains(key)).toList();
    if (!unknown.isEmpty()) {
      context.log().log(ScriptLog.Level.WARNING, "these keys mean nothing here: " + unknown);
    }
  }

  private static void carryOut(
      ScriptContext context,
      ScriptArguments arguments,
      Function<Boolean, List<Supplier<Plan>>> planners) {
    boolean live = KernelRelease.renamesLive();
    if (arguments.dryRun()) {
      planners.apply(live).stream()
          .flatMap(planner -> planner.get().lines().stream())
          .forEach(context.out()::println);
      return;
    }
    PlanRunner runner = new PlanRunner(context);
    try (ScriptLock _ = runner.lock("network-bridge")) {
      runner.recover();
      carryOut(context, runner, owner(arguments), planners, live);
    }
  }

  /** A driver may refuse a new MAC while its NIC is up: then it goes down for it. */
  private static void carryOut(
      ScriptContext context,
      PlanRunner runner,
      String owner,
      Function<Boolean, List<Supplier<Plan>>> planners,
      boolean live) {
    try {
      runner.run(owner, planners.apply(live));
    } catch (PlanException e) {
      boolean busy = e.getCause() instanceof KernelException k && Refusal.EBUSY.is(k);
      if (!live || !busy || !e.troubles().isEmpty()) {
        throw e;
      }
      context.log().log(ScriptLog.Level.INFO, e.getMessage() + "; once more, with the device down");
      runner.run(owner, planners.apply(false));
    }
  }

  private static String owner(ScriptArguments arguments) {
    return "network-bridge " + arguments.command();
  }

  private static int status(ScriptContext context, ScriptArguments arguments) {
    Host host = host(context);
    new StatusReport(host, BridgedNics.of(arguments, host)).lines().forEach(context.out()::println);
    return 0;
  }
}
