package org.passerelle.lab.topology;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.passerelle.bridge.NetloopNames;
import org.passerelle.lab.model.Host;
import org.passerelle.lab.model.ScriptCall;

/**
 * What network-bridge makes of the host, in the manner of Xen 3.1: a bridge, the NIC as one of its
 * ports under another name, and pairs vethN/vif0.N of which one takes the NIC's place.
 *
 * @param nic the NIC that it bridges, by its name before; afterwards that of dom0's own interface
 * @param bridge the bridge
 * @param physical the NIC's name afterwards, a port of the bridge
 * @param port the bridge's port on dom0's side, {@code vif0.0}
 * @param spare the names of all other ends of pairs that there will be
 */
public record BridgeLayout(
    String nic, String bridge, String physical, String port, List<String> spare) {
  private static final int MOST_DIGITS = 3;

  /**
   * Empty for {@code bridge=null}, with which the script does nothing, and for scripts that bridge
   * nothing, or nothing but VLANs.
   */
  public static Optional<BridgeLayout> of(ScriptCall call, Host host) {
    return switch (call.name()) {
      case VlanLayout.SINGLE, "network-nat", "network-route" -> Optional.empty();
      case VlanLayout.MULTI ->
          call.argument("untagged").map(bridge -> of(call, host, Optional.of("eth0"), bridge));
      default -> untagged(call, host);
    };
  }

  private static Optional<BridgeLayout> untagged(ScriptCall call, Host host) {
    Optional<String> bridge = call.argument("bridge");
    return bridge.equals(Optional.of("null"))
        ? Optional.empty()
        : Optional.of(of(call, host, Optional.empty(), bridge.orElse("")));
  }

  /**
   * Works the names out.
   *
   * @param otherwise the NIC when none is named; empty: the one with the default route
   * @param named the bridge's name; empty for the usual one
   */
  private static BridgeLayout of(
      ScriptCall call, Host host, Optional<String> otherwise, String named) {
    Optional<Integer> given = call.argument("vifnum").flatMap(BridgeLayout::number);
    int number = given.orElse(lastDigits(defaultNic(host)));
    String usual = otherwise.or(() -> given.map(n -> "eth" + n)).orElse(defaultNic(host));
    String nic = call.argument("netdev").orElse(usual);
    String bridge = named.isEmpty() ? "xenbr" + number : named;
    int pairs = call.argument("pairs").flatMap(BridgeLayout::number).orElse(1);
    NetloopNames names = new NetloopNames(number, bridge, nic, pairs);
    return new BridgeLayout(nic, bridge, names.physical(), names.port(), spare(pairs, number));
  }

  private static Optional<Integer> number(String text) {
    return text.matches("\\d{1,4}") ? Optional.of(Integer.parseInt(text)) : Optional.empty();
  }

  /** The ends of every pair but the one in use. */
  private static List<String> spare(int pairs, int used) {
    return IntStream.range(0, pairs)
        .filter(i -> i != used)
        .boxed()
        .flatMap(i -> List.of("veth" + i, "vif0." + i).stream())
        .toList();
  }

  /** The device of the default route: the first NIC with a gateway. */
  private static String defaultNic(Host host) {
    List<Host.Nic> nics = host.nics();
    return nics.stream()
        .filter(nic -> !nic.settings().gateways().isEmpty())
        .findFirst()
        .map(Host.Nic::name)
        .orElse("eth0");
  }

  /** eth1 is 1, enp3s0 is 0; more than three digits are no number of a NIC. */
  private static int lastDigits(String device) {
    String digits = device.replaceFirst(".*?(\\d*)$", "$1");
    return digits.isEmpty() || digits.length() > MOST_DIGITS ? 0 : Integer.parseInt(digits);
  }

  /** The devices in dom0 that it stands for, beside the NIC's own name. */
  public List<String> devices() {
    return List.of(physical, bridge, port);
  }
}
