package org.passerelle.scripts;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.passerelle.bridge.BridgedNic;
import org.passerelle.bridge.DefaultDevice;
import org.passerelle.bridge.KeepNames;
import org.passerelle.bridge.NetloopNames;
import org.passerelle.link.plan.Host;
import org.passerelle.link.rtnl.Link;

/**
 * {@code network-bridge start|stop|status}. Keys: {@code vifnum} (the last digits of the default
 * route's device, else 0), {@code bridge} (xenbr$vifnum; null for none), {@code netdev} (eth$vifnum
 * when vifnum is given, else the default route's device), {@code pairs} (1: as many pairs
 * veth0/vif0.0, veth1/vif0.1, … at least), {@code generation} ({@code netloop}: the manner of Xen
 * 3.1; {@code keep}: the NIC keeps its name), {@code antispoof=no}.
 */
public final class NetworkBridge extends NetworkScript {
  static final Set<String> KEYS =
      Set.of("vifnum", "bridge", "netdev", "pairs", "generation", "antispoof");
  private static final int MOST_PAIRS = 256;
  private static final String NETLOOP = "netloop";
  private static final String KEEP = "keep";

  public NetworkBridge() {
    super("network-bridge", KEYS);
  }

  @Override
  void start(ScriptContext context, ScriptArguments arguments) {
    if (isWithoutBridge(arguments)) {
      return;
    }
    bridged(arguments, host(context)).remark().ifPresent(remark -> context.err().println(remark));
    carryOut(
        context, arguments, live -> bridged(arguments, host(context)).start(host(context), live));
  }

  @Override
  void stop(ScriptContext context, ScriptArguments arguments) {
    if (!isWithoutBridge(arguments)) {
      carryOut(
          context, arguments, live -> bridged(arguments, host(context)).stop(host(context), live));
    }
  }

  static boolean isWithoutBridge(ScriptArguments arguments) {
    return arguments.value("bridge").equals(Optional.of("null"));
  }

  /** What the arguments mean on this host; a bridge that is there says itself how it was made. */
  static BridgedNic bridged(ScriptArguments arguments, Host host) {
    NetloopNames names = names(arguments, host);
    Optional<String> kept = host.link(names.bridge()).flatMap(KeepNames::nicOf);
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
  static String nicOf(Host host, String netdev) {
    String name = host.link(netdev).map(Link::name).orElse(netdev);
    boolean physical =
        !name.equals(netdev) && name.startsWith("p") && host.link(name.substring(1)).isPresent();
    return physical ? name.substring(1) : name;
  }

  @Override
  void status(ScriptContext context, ScriptArguments arguments) {
    Host host = host(context);
    List<String> devices = bridged(arguments, host).devices();
    new StatusReport(host, devices).lines().forEach(context.out()::println);
  }
}
