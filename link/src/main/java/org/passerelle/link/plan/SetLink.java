package org.passerelle.link.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.passerelle.link.rtnl.Kernel;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.wire.MacAddress;

/**
 * Sets one property of a link.
 *
 * @param index the device's, in an undo; 0 when only the name is known
 * @param left in an undo, the value that our step left: any other is somebody else's, and stays
 */
public record SetLink(
    String device, int index, LinkProperty property, String value, Optional<String> left)
    implements Operation {

  /** IPv6 needs packets of this length (RFC 8200, 5): below, the kernel takes it off the device. */
  static final int IPV6_LEAST_MTU = 1280;

  public SetLink {
    property.change(value);
  }

  private static SetLink plain(String device, LinkProperty property, String value) {
    return new SetLink(device, 0, property, value, Optional.empty());
  }

  public static SetLink up(String device) {
    return plain(device, LinkProperty.UP, LinkProperty.ON);
  }

  public static SetLink down(String device) {
    return plain(device, LinkProperty.UP, LinkProperty.OFF);
  }

  public static SetLink mac(String device, MacAddress mac) {
    return plain(device, LinkProperty.MAC, mac.toString());
  }

  public static SetLink mtu(String device, int mtu) {
    return plain(device, LinkProperty.MTU, Integer.toString(mtu));
  }

  public static SetLink master(String device, String bridge) {
    return plain(device, LinkProperty.MASTER, bridge);
  }

  public static SetLink noMaster(String device) {
    return plain(device, LinkProperty.MASTER, "");
  }

  public static SetLink arp(String device, boolean on) {
    return plain(device, LinkProperty.ARP, LinkProperty.onOff(on));
  }

  public static SetLink multicast(String device, boolean on) {
    return plain(device, LinkProperty.MULTICAST, LinkProperty.onOff(on));
  }

  public static SetLink alias(String device, String text) {
    return plain(device, LinkProperty.ALIAS, text);
  }

  /** How the kernel makes IPv6 link-local addresses there: IN6_ADDR_GEN_MODE_*. */
  public static SetLink ipv6Generation(String device, int mode) {
    return plain(device, LinkProperty.IPV6_GENERATION, Integer.toString(mode));
  }

  /** Whether a VLAN stays up when the device that it lies on goes down. */
  public static SetLink looseBinding(String vlan, boolean on) {
    return plain(vlan, LinkProperty.LOOSE_BINDING, LinkProperty.onOff(on));
  }

  /** Whether a bridge looks at VLAN tags. */
  public static SetLink vlanFiltering(String bridge, boolean on) {
    return plain(bridge, LinkProperty.VLAN_FILTERING, LinkProperty.onOff(on));
  }

  @Override
  public String command() {
    return "ip link set dev " + device + " " + property.words(value);
  }

  @Override
  public List<String> devices() {
    return List.of(device);
  }

  @Override
  public String line() {
    return OperationCodec.encode(this);
  }

  @Override
  public void apply(Kernel kernel) {
    kernel.change(device, property.change(value));
  }

  @Override
  public List<Operation> undo(Host now) {
    return now.link(device).map(link -> undo(link, now)).orElse(List.of());
  }

  private List<Operation> undo(Link link, Host now) {
    String before = property.of(link, now);
    if (before.equals(value) || property.canBeMissing() && before.isEmpty()) {
      return List.of();
    }
    Operation back = new SetLink(link.name(), link.index(), property, before, Optional.of(value));
    if (dropsIpv6()) {
      return Restore.afterIpv6WasDropped(now, link, back);
    }
    List<Operation> undo = new ArrayList<>(List.of(back));
    if (property == LinkProperty.MAC || property == LinkProperty.ARP) {
      undo.addAll(Restore.neighbours(now, link));
    }
    return undo;
  }

  /** Going down, a device loses its IPv6 addresses and all its routes; so it does below 1280. */
  private boolean dropsIpv6() {
    return property == LinkProperty.UP && value.equals(LinkProperty.OFF)
        || property == LinkProperty.MTU && Integer.parseInt(value) < IPV6_LEAST_MTU;
  }

  @Override
  public boolean applyIfDue(Kernel kernel) {
    Optional<String> name = Operation.find(kernel, device, index);
    if (name.isEmpty() || !isAsLeft(kernel, name.get())) {
      return false;
    }
    kernel.change(name.get(), property.change(value));
    return true;
  }

  private boolean isAsLeft(Kernel kernel, String name) {
    Host now = new Host(kernel);
    String present = now.link(name).map(link -> property.of(link, now)).orElse("");
    return !present.equals(value) && left.map(present::equals).orElse(true);
  }

  /**
   * The operations that put a link's settings back, for one that was deleted. It makes no
   * link-local address: that one is put back too, and {@link Restore#generation} comes last.
   */
  static List<Operation> all(Link link, Host now) {
    List<Operation> settings = new ArrayList<>();
    for (LinkProperty property : LinkProperty.values()) {
      String value = property.of(link, now);
      if (property.canBeMissing() && value.isEmpty()) {
        continue;
      }
      String again =
          property == LinkProperty.IPV6_GENERATION ? Integer.toString(Link.IPV6_NONE) : value;
      settings.add(new SetLink(link.name(), link.index(), property, again, Optional.empty()));
    }
    return settings;
  }
}
