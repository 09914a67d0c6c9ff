package org.passerelle.link.rtnl;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.passerelle.link.netlink.Attribute;
import org.passerelle.link.netlink.Attributes;
import org.passerelle.link.netlink.NetlinkFlags;
import org.passerelle.link.netlink.NetlinkMessage;
import org.passerelle.link.netlink.NetlinkWriter;
import org.passerelle.link.wire.MacAddress;

/** Links to and from rtnetlink's messages; {@link LinkAttribute} has the layout. */
public final class LinkMessages {
  /** IFNAMSIZ - 1: longer names are alternative ones. */
  private static final int NAME_MAX = 15;

  private LinkMessages() {}

  /** Asks for all links. */
  public static NetlinkWriter dump() {
    return header(Rtm.GETLINK, NetlinkFlags.DUMP, 0).attribute32(LinkAttribute.EXT_MASK, SKIP);
  }

  /** Asks for the links whose master has this number; a kernel that cannot choose tells all. */
  public static NetlinkWriter dumpPorts(int master) {
    return dump().attribute32(LinkAttribute.MASTER, master);
  }

  /** Asks for the link of this name or alternative name. */
  public static NetlinkWriter get(String name) {
    boolean ordinary = name.getBytes(StandardCharsets.UTF_8).length <= NAME_MAX;
    return header(Rtm.GETLINK, 0, 0)
        .attribute32(LinkAttribute.EXT_MASK, SKIP)
        .text(ordinary ? LinkAttribute.IFNAME : LinkAttribute.ALT_IFNAME, name);
  }

  /** Asks for the link of this number. */
  public static NetlinkWriter get(int index) {
    return header(Rtm.GETLINK, 0, index).attribute32(LinkAttribute.EXT_MASK, SKIP);
  }

  private static final int SKIP = LinkAttribute.EXT_SKIP_STATISTICS;

  /**
   * Makes a link that must not exist yet.
   *
   * @param lower the number of the device that it lies on; 0 for none
   */
  public static NetlinkWriter create(LinkSpec spec, int lower) {
    int flags = NetlinkFlags.ACK | NetlinkFlags.EXCLUSIVE | NetlinkFlags.CREATE;
    NetlinkWriter writer = header(Rtm.NEWLINK, flags, 0);
    spec.mac().ifPresent(mac -> writer.attribute(LinkAttribute.ADDRESS, mac.octets()));
    spec.mtu().ifPresent(mtu -> writer.attribute32(LinkAttribute.MTU, mtu));
    if (spec.group() != 0) {
      writer.attribute32(LinkAttribute.GROUP, spec.group());
    }
    if (lower != 0) {
      writer.attribute32(LinkAttribute.LINK, lower);
    }
    writer.text(LinkAttribute.IFNAME, spec.name());
    kind(writer, spec.group() == 0 ? spec.kind() : spec.kind().inGroup(spec.group()));
    return writer;
  }

  /** Deletes a link. */
  public static NetlinkWriter delete(int index) {
    return header(Rtm.DELLINK, NetlinkFlags.ACK, index);
  }

  /**
   * Changes a link in one message, in which the kernel goes by its own order: kind, namespace, MAC,
   * MTU, group, name, alias, master, flags, GSO size (do_setlink in net/core/rtnetlink.c). The
   * alternative name and the IPv6 mode have messages of their own.
   *
   * @param master the number of the bridge named in the change; 0 to release
   */
  public static NetlinkWriter change(int index, LinkChange change, int master) {
    NetlinkWriter writer = NetlinkWriter.message(Rtm.NEWLINK, REQUEST | NetlinkFlags.ACK);
    struct(writer, index, flags(change), flagMask(change));
    change.mac().ifPresent(mac -> writer.attribute(LinkAttribute.ADDRESS, mac.octets()));
    change.mtu().ifPresent(mtu -> writer.attribute32(LinkAttribute.MTU, mtu));
    change.master().ifPresent(name -> writer.attribute32(LinkAttribute.MASTER, master));
    change.alias().ifPresent(text -> writer.attribute(LinkAttribute.IFALIAS, utf8(text)));
    change.group().ifPresent(group -> writer.attribute32(LinkAttribute.GROUP, group));
    change.gsoMaxSize().ifPresent(size -> writer.attribute32(LinkAttribute.GSO_MAX_SIZE, size));
    change.namespace().ifPresent(fd -> writer.attribute32(LinkAttribute.NET_NS_FD, fd));
    change.name().ifPresent(name -> writer.text(LinkAttribute.IFNAME, name));
    change.kind().ifPresent(kind -> kind(writer, kind));
    return writer;
  }

  /** True when {@link #change} would have attributes to carry. */
  public static boolean hasAttributes(LinkChange change) {
    return change.name().isPresent()
        || change.mac().isPresent()
        || change.mtu().isPresent()
        || change.master().isPresent()
        || change.alias().isPresent()
        || change.group().isPresent()
        || change.kind().isPresent()
        || change.namespace().isPresent()
        || change.gsoMaxSize().isPresent();
  }

  /** True when {@link #change} would set or clear flags. */
  public static boolean hasFlags(LinkChange change) {
    return flagMask(change) != 0;
  }

  /** Gives a link a further name. */
  public static NetlinkWriter addAlternativeName(int index, String name) {
    int flags =
        NetlinkFlags.ACK | NetlinkFlags.EXCLUSIVE | NetlinkFlags.CREATE | NetlinkFlags.APPEND;
    NetlinkWriter writer = header(Rtm.NEWLINKPROP, flags, index);
    int list = writer.begin(LinkAttribute.PROP_LIST | Attribute.NESTED);
    return writer.text(LinkAttribute.ALT_IFNAME, name).end(list);
  }

  /** Sets how a link makes its own IPv6 addresses, IN6_ADDR_GEN_MODE_*. */
  public static NetlinkWriter ipv6AddressGeneration(int index, int mode) {
    NetlinkWriter writer = header(Rtm.NEWLINK, NetlinkFlags.ACK, index);
    int families = writer.begin(LinkAttribute.AF_SPEC);
    int inet6 = writer.begin(Rtm.AF_INET6);
    writer.attribute8(LinkAttribute.INET6_ADDR_GEN_MODE, mode);
    return writer.end(inet6).end(families);
  }

  private static final int REQUEST = NetlinkFlags.REQUEST;

  private static NetlinkWriter header(int type, int flags, int index) {
    return struct(NetlinkWriter.message(type, REQUEST | flags), index, 0, 0);
  }

  private static NetlinkWriter struct(NetlinkWriter writer, int index, int flags, int mask) {
    return writer.u8(0).u8(0).u16(0).u32(index).u32(flags).u32(mask);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void kind(NetlinkWriter writer, LinkKind kind) {
    int info = writer.begin(LinkAttribute.LINKINFO);
    writer.attribute(LinkAttribute.INFO_KIND, utf8(kind.name()));
    List<RawAttribute> settings = kind.data();
    if (!settings.isEmpty()) {
      int data = writer.begin(LinkAttribute.INFO_DATA);
      settings.forEach(setting -> writer.attribute(setting.type(), setting.value()));
      writer.end(data);
    }
    writer.end(info);
  }

  private static int flags(LinkChange change) {
    return bit(change.up(), true, LinkFlags.UP)
        | bit(change.arp(), false, LinkFlags.NOARP)
        | bit(change.multicast(), true, LinkFlags.MULTICAST);
  }

  private static int flagMask(LinkChange change) {
    return (change.up().isPresent() ? LinkFlags.UP : 0)
        | (change.arp().isPresent() ? LinkFlags.NOARP : 0)
        | (change.multicast().isPresent() ? LinkFlags.MULTICAST : 0);
  }

  private static int bit(Optional<Boolean> asked, boolean whenSet, int flag) {
    return asked.isPresent() && asked.get() == whenSet ? flag : 0;
  }

  /** Reads an RTM_NEWLINK. */
  public static Link parse(NetlinkMessage message) {
    return parse(message, message.attributes(LinkAttribute.STRUCT));
  }

  /** Reads no more of an RTM_NEWLINK than its number. */
  public static int index(NetlinkMessage message) {
    return message.struct(LinkAttribute.STRUCT).getInt(LinkAttribute.INDEX);
  }

  /** Reads no more of an RTM_NEWLINK than its name. */
  public static String name(NetlinkMessage message) {
    return message.attributes(LinkAttribute.STRUCT).text(LinkAttribute.IFNAME);
  }

  /** Reads an RTM_NEWLINK whose attributes are at hand. */
  static Link parse(NetlinkMessage message, Attributes attributes) {
    ByteBuffer struct = message.struct(LinkAttribute.STRUCT);
    Attributes info = attributes.nested(LinkAttribute.LINKINFO);
    return new Link(
        index(message),
        attributes.text(LinkAttribute.IFNAME),
        alternativeNames(attributes.nested(LinkAttribute.PROP_LIST)),
        info.text(LinkAttribute.INFO_KIND),
        mac(attributes.find(LinkAttribute.ADDRESS)),
        attributes.u32(LinkAttribute.MTU, 0),
        struct.getInt(LinkAttribute.FLAGS),
        operState(attributes.find(LinkAttribute.OPERSTATE)),
        attributes.u32(LinkAttribute.MASTER, 0),
        attributes.u32(LinkAttribute.LINK, 0),
        attributes.find(LinkAttribute.LINK_NETNSID).isPresent(),
        attributes.u32(LinkAttribute.GROUP, 0),
        attributes.text(LinkAttribute.IFALIAS),
        ipv6Mode(attributes),
        raw(info.nested(LinkAttribute.INFO_DATA)));
  }

  private static OptionalInt ipv6Mode(Attributes attributes) {
    Attributes inet6 = attributes.nested(LinkAttribute.AF_SPEC).nested(Rtm.AF_INET6);
    Optional<Attribute> mode = inet6.find(LinkAttribute.INET6_ADDR_GEN_MODE);
    return mode.isPresent() ? OptionalInt.of(mode.get().u8()) : OptionalInt.empty();
  }

  private static List<String> alternativeNames(Attributes properties) {
    List<String> names = new ArrayList<>();
    for (Attribute property : properties) {
      if (property.type() == LinkAttribute.ALT_IFNAME) {
        names.add(property.text());
      }
    }
    return List.copyOf(names);
  }

  /** Tunnels have addresses of other lengths, which are no MACs. */
  private static MacAddress mac(Optional<Attribute> address) {
    return address.isPresent() && address.get().length() == MacAddress.LENGTH
        ? MacAddress.of(address.get().octets(), 0)
        : MacAddress.ZERO;
  }

  private static Link.OperState operState(Optional<Attribute> attribute) {
    Link.OperState[] states = Link.OperState.values();
    int state = attribute.isPresent() ? attribute.get().u8() : 0;
    return state < states.length ? states[state] : Link.OperState.UNKNOWN;
  }

  private static List<RawAttribute> raw(Attributes attributes) {
    List<RawAttribute> raw = new ArrayList<>();
    attributes.forEach(one -> raw.add(new RawAttribute(one.type(), one.octets())));
    return List.copyOf(raw);
  }
}
