package org.passerelle.lab.topology;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.passerelle.lab.model.Host;
import org.passerelle.lab.model.ScriptCall;

/**
 * What network-bridge makes of the host.
 *
 * @param nic the NIC that it bridges, by its name before
 * @param bridge the bridge
 * @param physical the NIC's name afterwards, a port of the bridge
 * @param addressed the device that carries dom0's addresses afterwards
 * @param loopback the bridge's port on dom0's side ({@code vif0.0}); empty when there is none
 */
public record BridgeLayout(
    Generation generation,
    String nic,
    String bridge,
    String physical,
    String addressed,
    Optional<String> loopback) {
  private static final Pattern NUMBER = Pattern.compile("(\\d+)$");

  /** How Xen's releases went about it. */
  public enum Generation {
    /** Xen 3.1: xenbr0, a pair veth0/vif0.0, eth0 renamed to peth0 and veth0 to eth0. */
    NETLOOP,
    /** Xen 3.2 to 4.4: the bridge takes the NIC's name, the NIC becomes peth0. */
    RENAME,
    /** The NIC keeps its name, the bridge takes the addresses. */
    KEEP
  }

  /** Empty for {@code bridge=null}, with which the script does nothing. */
  public static Optional<BridgeLayout> of(ScriptCall call, Host host) {
    Optional<String> generation = call.argument("generation");
    Generation kind =
        switch (generation.orElse("netloop")) {
          case "rename" -> Generation.RENAME;
          case "keep" -> Generation.KEEP;
          default -> Generation.NETLOOP;
        };
    String number = call.argument("vifnum").orElse(numberOf(defaultNic(host)));
    String nic =
        call.argument("netdev")
            .orElse(kind == Generation.NETLOOP ? "eth" + number : defaultNic(host));
    String bridge =
        call.argument("bridge").orElse(kind == Generation.RENAME ? nic : "xenbr" + number);
    if (bridge.equals("null")) {
      return Optional.empty();
    }
    return Optional.of(
        switch (kind) {
          case NETLOOP ->
              new BridgeLayout(kind, nic, bridge, "p" + nic, nic, Optional.of("vif0." + number));
          case RENAME -> new BridgeLayout(kind, nic, bridge, "p" + nic, bridge, Optional.empty());
          case KEEP -> new BridgeLayout(kind, nic, bridge, nic, bridge, Optional.empty());
        });
  }

  /** The device of the default route: the first NIC with a gateway. */
  private static String defaultNic(Host host) {
    List<Host.Nic> nics = host.nics();
    return nics.stream()
        .filter(nic -> !nic.settings().gateways().isEmpty())
        .findFirst()
        .or(() -> nics.stream().findFirst())
        .map(Host.Nic::name)
        .orElse("eth0");
  }

  private static String numberOf(String device) {
    Matcher matcher = NUMBER.matcher(device);
    return matcher.find() ? matcher.group(1) : "0";
  }
}
