package org.passerelle.link.plan;

import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.link.rtnl.LinkFlags;
import org.passerelle.link.rtnl.VlanFiltering;
import org.passerelle.link.rtnl.VlanFlags;
import org.passerelle.link.wire.MacAddress;

/**
 * What {@link SetLink} can set, each with its reading, its request and its words. Values are text,
 * in one spelling each, so that two of them can be compared and a journal can hold them.
 *
 * <p>The order is the one in which a link that was deleted gets its settings back.
 */
public enum LinkProperty {
  GROUP((link, host) -> Integer.toString(link.group()), LinkProperty::group, v -> "group " + v),
  ALIAS(
      (link, host) -> link.alias(),
      LinkChange.Builder::alias,
      v -> "alias " + (v.isEmpty() ? "''" : v)),
  MAC((link, host) -> link.mac().toString(), LinkProperty::mac, v -> "address " + v),
  MTU((link, host) -> Integer.toString(link.mtu()), LinkProperty::mtu, v -> "mtu " + v),
  ARP(
      (link, host) -> onOff((link.flags() & LinkFlags.NOARP) == 0),
      (change, value) -> change.arp(isOn(value)),
      v -> "arp " + v),
  MULTICAST(
      (link, host) -> onOff((link.flags() & LinkFlags.MULTICAST) != 0),
      (change, value) -> change.multicast(isOn(value)),
      v -> "multicast " + v),
  /** IN6_ADDR_GEN_MODE_*, as a number; empty on a device without IPv6. */
  IPV6_GENERATION(
      (link, host) ->
          link.ipv6AddressGeneration().isPresent()
              ? Integer.toString(link.ipv6AddressGeneration().getAsInt())
              : "",
      (change, value) -> change.ipv6AddressGeneration(Integer.parseInt(value)),
      v -> "addrgenmode " + generationWord(v)),
  /** Whether a VLAN stays up when the device that it lies on goes down; empty on what is none. */
  LOOSE_BINDING(
      (link, host) ->
          link.kind().equals(VlanFlags.KIND)
              ? onOff(VlanFlags.of(link.data()).has(VlanFlags.Flag.LOOSE_BINDING))
              : "",
      (change, value) -> change.kind(looseBinding(value)),
      v -> "type vlan " + looseBinding(v).ipArguments()),
  /** Whether a bridge looks at VLAN tags; empty on what is none, and where the kernel cannot. */
  VLAN_FILTERING(
      (link, host) -> VlanFiltering.of(link).map(one -> onOff(one.on())).orElse(""),
      (change, value) -> change.kind(new VlanFiltering(isOn(value))),
      v -> "type bridge " + new VlanFiltering(isOn(v)).ipArguments()),
  /** The bridge's name; empty for none. */
  MASTER(
      (link, host) -> host.master(link),
      LinkChange.Builder::master,
      v -> v.isEmpty() ? "nomaster" : "master " + v),
  UP(
      (link, host) -> onOff(link.isUp()),
      (change, value) -> change.up(isOn(value)),
      v -> isOn(v) ? "up" : "down");

  static final String ON = "on";
  static final String OFF = "off";

  private final BiFunction<Link, Host, String> reading;
  private final BiConsumer<LinkChange.Builder, String> request;
  private final UnaryOperator<String> words;

  LinkProperty(
      BiFunction<Link, Host, String> reading,
      BiConsumer<LinkChange.Builder, String> request,
      UnaryOperator<String> words) {
    this.reading = reading;
    this.request = request;
    this.words = words;
  }

  /** The link's present value. */
  public String of(Link link, Host host) {
    return reading.apply(link, host);
  }

  LinkChange change(String value) {
    LinkChange.Builder change = LinkChange.builder();
    request.accept(change, value);
    return change.build();
  }

  /** The words of {@code ip link set dev DEVICE} for this value. */
  String words(String value) {
    return words.apply(value);
  }

  static String onOff(boolean on) {
    return on ? ON : OFF;
  }

  private static boolean isOn(String value) {
    return switch (value) {
      case ON -> true;
      case OFF -> false;
      default -> throw new IllegalArgumentException("neither on nor off: " + value);
    };
  }

  /** True when not every link has it: its value is empty then, and cannot be set. */
  boolean canBeMissing() {
    return this == IPV6_GENERATION || this == LOOSE_BINDING || this == VLAN_FILTERING;
  }

  private static VlanFlags looseBinding(String value) {
    return VlanFlags.DEFAULT.with(VlanFlags.Flag.LOOSE_BINDING, isOn(value));
  }

  private static void group(LinkChange.Builder change, String value) {
    change.group(Integer.parseInt(value));
  }

  private static void mac(LinkChange.Builder change, String value) {
    change.mac(MacAddress.parse(value));
  }

  private static void mtu(LinkChange.Builder change, String value) {
    change.mtu(Integer.parseInt(value));
  }

  private static String generationWord(String value) {
    return switch (value) {
      case "0" -> "eui64";
      case "1" -> "none";
      case "2" -> "stable_secret";
      case "3" -> "random";
      default -> value;
    };
  }
}
