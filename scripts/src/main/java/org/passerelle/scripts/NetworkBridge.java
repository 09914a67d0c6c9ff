package org.passerelle.scripts;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.passerelle.bridge.BridgedNic;
import org.passerelle.bridge.DefaultDevice;
import org.passerelle.bridge.KeepNames;
import org.passerelle.bridge.NetloopNames;
import org.passerelle.bridge.NicMark;
import org.passerelle.link.os.ScriptLock;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.plan.PlanException;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.rtnl.Refusal;

/**
 * {@code network-bridge start|stop|status}. Keys: {@code vifnum} (the last digits of the default
 * route's device, else 0), {@code bridge} (xenbr$vifnum; null for none), {@code netdev} (eth$vifnum
 * when vifnum is given, else the default route's device), {@code pairs} (1: as many pairs
 * veth0/vif0.0, veth1/vif0.1, … at least), {@code generation} ({@code netloop}: the manner of Xen
 * 3.1; {@code keep}: the NIC keeps its name), {@code antispoof=no}.
 */
public final class NetworkBridge implements HotplugScript {
  private static final Set<String> KEYS =
      Set.of("vifnum", "bridge", "netdev", "pairs", "generation", "antispoof");
  private static final int MOST_PAIRS = 256;
  private static final String NETLOOP = "netloop";
  private static final String KEEP = "keep";

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

  private static int start(ScriptContext context, ScriptArguments arguments) {
    check(context, arguments);
    if (isWithoutBridge(arguments)) {
      return 0;
    }
    bridged(arguments, host(context)).remark().ifPresent(remark -> context.err().println(remark));
    carryOut(
        context, arguments, live -> bridged(arguments, host(context)).start(host(context), live));
    return 0;
  }

  private static int stop(ScriptContext context, ScriptArguments arguments) {
    check(context, arguments);
    if (!isWithoutBridge(arguments)) {
      carryOut(
          context, arguments, live -> bridged(arguments, host(context)).stop(host(context), live));
    }
    return 0;
  }

  private static Host host(ScriptContext context) {
    return new Host(context.kernel());
  }

  private static boolean isWithoutBridge(ScriptArguments arguments) {
    return arguments.value("bridge").equals(Optional.of("null"));
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

  /** What the arguments mean on this host; a bridge that is there says itself how it was made. */
  static BridgedNic bridged(ScriptArguments arguments, Host host) {
    NetloopNames names = names(arguments, host);
    Optional<String> kept = host.link(names.bridge()).flatMap(NicMark.KEEP::nicOf);
    return switch (arguments.value("generation").orElse(kept.isPresent() ? KEEP : NETLOOP)) {
      case NETLOOP -> names;
      case KEEP ->
          new KeepNames(
              names.bridge(),
              kept.filter(nic -> arguments.value("netdev").isEmpty()).orElse(names.netdev()));
      case String other ->
          throw new ScriptException(
              "generation=" + other + " is not known; there are " + NETLOOP + " and " + KEEP);
    };
  }

  private static NetloopNames names(ScriptArguments arguments, Host host) {
    Optional<String> outside = DefaultDevice.of(host);
    int number = arguments.number("vifnum", outside.map(NetworkBridge::lastDigits).orElse(0), 9999);
    String usual =
        arguments.value("vifnum").isPresent() ? "eth" + number : outside.orElse("eth" + number);
    String bridge = arguments.value("bridge").orElse("xenbr" + number);
    int pairs = arguments.number("pairs", 1, MOST_PAIRS);
    String netdev =
        arguments
            .value("netdev")
            .or(() -> new NetloopNames(number, bridge, usual, pairs).dom0Behind(host))
            .orElse(usual);
    return new NetloopNames(number, bridge, nicOf(host, netdev), pairs);
  }

  /** eth1 is 1, enp3s0 is 0, eth0.100 is 100; more than three digits are no number of a NIC. */
  static int lastDigits(String device) {
    int start = device.length();
    while (start > 0 && Character.isDigit(device.charAt(start - 1))) {
      start--;
    }
    String digits = device.substring(start);
    return digits.isEmpty() || digits.length() > 3 ? 0 : Integer.parseInt(digits);
  }

  /** An alternative name stays with the NIC when it is called peth0. */
  private static String nicOf(Host host, String netdev) {
    String name = host.link(netdev).map(Link::name).orElse(netdev);
    boolean physical =
        !name.equals(netdev) && name.startsWith("p") && host.link(name.substring(1)).isPresent();
    return physical ? name.substring(1) : name;
  }

  private static void carryOut(
      ScriptContext context, ScriptArguments arguments, Function<Boolean, Plan> planner) {
    boolean live = KernelRelease.renamesLive();
    if (arguments.dryRun()) {
      planner.apply(live).lines().forEach(context.out()::println);
      return;
    }
    PlanRunner runner = new PlanRunner(context);
    try (ScriptLock _ = runner.lock("network-bridge")) {
      runner.recover();
      carryOut(context, runner, owner(arguments), planner, live);
    }
  }

  /** A driver may refuse a new MAC while its NIC is up: then it goes down for it. */
  private static void carryOut(
      ScriptContext context,
      PlanRunner runner,
      String owner,
      Function<Boolean, Plan> planner,
      boolean live) {
    try {
      runner.run(owner, planner.apply(live));
    } catch (PlanException e) {
      boolean busy = e.getCause() instanceof KernelException k && Refusal.EBUSY.is(k);
      if (!live || !busy || !e.troubles().isEmpty()) {
        throw e;
      }
      context.log().log(ScriptLog.Level.INFO, e.getMessage() + "; once more, with the device down");
      runner.run(owner, planner.apply(false));
    }
  }

  private static String owner(ScriptArguments arguments) {
    return "network-bridge " + arguments.command();
  }

  private static int status(ScriptContext context, ScriptArguments arguments) {
    Host host = host(context);
    new StatusReport(host, bridged(arguments, host)).lines().forEach(context.out()::println);
    return 0;
  }
}
