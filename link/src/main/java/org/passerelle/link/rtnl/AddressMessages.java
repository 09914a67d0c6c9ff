package org.passerelle.link.rtnl;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.passerelle.link.netlink.Attributes;
import org.passerelle.link.netlink.MalformedMessageException;
import org.passerelle.link.netlink.NetlinkFlags;
import org.passerelle.link.netlink.NetlinkMessage;
import org.passerelle.link.netlink.NetlinkWriter;
import org.passerelle.link.wire.IpPrefix;

/**
 * Addresses to and from rtnetlink's messages: {@code struct ifaddrmsg}, then IFA_* attributes
 * (linux/if_addr.h).
 *
 * <pre>
 *   0         1           2       3       4        8
 *   | family  | prefix    | flags | scope | index  | attributes
 *               length      low 8
 * </pre>
 *
 * IFA_LOCAL is the address and IFA_ADDRESS the peer, or the address again; IPv6 leaves IFA_LOCAL
 * out when there is no peer.
 */
public final class AddressMessages {
  private static final int PREFIX_LENGTH = 1;
  private static final int FLAGS = PREFIX_LENGTH + 1;
  private static final int SCOPE = FLAGS + 1;
  private static final int INDEX = SCOPE + 1;
  private static final int STRUCT = INDEX + 4;

  private static final int ADDRESS = 1;
  private static final int LOCAL = 2;
  private static final int LABEL = 3;
  private static final int BROADCAST = 4;
  private static final int CACHEINFO = 6;
  private static final int FLAGS_ATTRIBUTE = 8;
  private static final int RT_PRIORITY = 9;

  /** struct ifa_cacheinfo: preferred, valid, and two time stamps that the kernel sets. */
  private static final int CACHEINFO_SIZE = 16;

  private AddressMessages() {}

  /**
   * Asks for the addresses of both families.
   *
   * @param link the number of the device that they are on; 0 for all
   */
  public static NetlinkWriter dump(int link) {
    int flags = NetlinkFlags.REQUEST | NetlinkFlags.DUMP;
    return NetlinkWriter.message(Rtm.GETADDR, flags).octets(new byte[INDEX]).u32(link);
  }

  /** Adds an address that must not exist yet. */
  public static NetlinkWriter add(Address address, LinkNames names) {
    return write(NetlinkFlags.EXCLUSIVE | NetlinkFlags.CREATE, address, names);
  }

  /** Gives an address that is there these flags and lifetimes. */
  public static NetlinkWriter change(Address address, LinkNames names) {
    return write(NetlinkFlags.REPLACE, address, names);
  }

  private static NetlinkWriter write(int how, Address address, LinkNames names) {
    int flags = NetlinkFlags.ACK | how;
    int asked = address.flags() & AddressFlags.SETTABLE;
    NetlinkWriter writer = header(Rtm.NEWADDR, flags, address, asked > 0xFF ? 0 : asked, names);
    writer.attribute(LOCAL, octets(address));
    address.broadcast().ifPresent(end -> writer.attribute(BROADCAST, end.getAddress()));
    if (!address.label().isEmpty()) {
      writer.text(LABEL, address.label());
    }
    writer.attribute(ADDRESS, peerOrLocal(address));
    if (address.metric() != 0) {
      writer.attribute32(RT_PRIORITY, (int) address.metric());
    }
    if (asked > 0xFF) {
      writer.attribute32(FLAGS_ATTRIBUTE, asked);
    }
    return lifetime(writer, address);
  }

  /** Removes an address. */
  public static NetlinkWriter remove(Address address, LinkNames names) {
    return header(Rtm.DELADDR, NetlinkFlags.ACK, address, 0, names)
        .attribute(LOCAL, octets(address))
        .attribute(ADDRESS, peerOrLocal(address));
  }

  private static NetlinkWriter header(
      int type, int flags, Address address, int addressFlags, LinkNames names) {
    return NetlinkWriter.message(type, NetlinkFlags.REQUEST | flags)
        .u8(Rtm.family(address.local().isV6()))
        .u8(address.local().length())
        .u8(addressFlags)
        .u8(address.scope())
        .u32(names.index(address.device()));
  }

  private static byte[] octets(Address address) {
    return address.local().address().getAddress();
  }

  private static byte[] peerOrLocal(Address address) {
    return address.peer().orElse(address.local().address()).getAddress();
  }

  private static NetlinkWriter lifetime(NetlinkWriter writer, Address address) {
    boolean forEver =
        address.validSeconds() == Address.FOREVER && address.preferredSeconds() == Address.FOREVER;
    if (forEver) {
      return writer;
    }
    int info = writer.begin(CACHEINFO);
    return writer
        .u32((int) address.preferredSeconds())
        .u32((int) address.validSeconds())
        .u32(0)
        .u32(0)
        .end(info);
  }

  /** Reads an RTM_NEWADDR; empty when its device is gone, or when it is no IP address. */
  public static Optional<Address> parse(NetlinkMessage message, LinkNames names) {
    ByteBuffer struct = message.struct(STRUCT);
    Optional<String> device = names.name(struct.getInt(INDEX));
    return device.isEmpty() || !Rtm.isIp(struct.get(0))
        ? Optional.empty()
        : Optional.of(parse(struct, message.attributes(STRUCT), device.get()));
  }

  private static Address parse(ByteBuffer struct, Attributes attributes, String device) {
    InetAddress address =
        IpAddresses.find(attributes, ADDRESS)
            .or(() -> IpAddresses.find(attributes, LOCAL))
            .orElseThrow(() -> new MalformedMessageException("an address without IFA_ADDRESS"));
    InetAddress local = IpAddresses.find(attributes, LOCAL).orElse(address);
    IpPrefix prefix = IpAddresses.prefix(local, struct.get(PREFIX_LENGTH) & 0xFF);
    String label = attributes.text(LABEL);
    ByteBuffer lifetime = cacheInfo(attributes);
    return new Address(
        device,
        prefix,
        address.equals(local) ? Optional.empty() : Optional.of(address),
        IpAddresses.find(attributes, BROADCAST),
        label.equals(device) ? "" : label,
        struct.get(SCOPE) & 0xFF,
        attributes.u32(FLAGS_ATTRIBUTE, struct.get(FLAGS) & 0xFF),
        lifetime.getInt(4) & 0xFFFF_FFFFL,
        lifetime.getInt(0) & 0xFFFF_FFFFL,
        attributes.u32(RT_PRIORITY, 0) & 0xFFFF_FFFFL);
  }

  private static ByteBuffer cacheInfo(Attributes attributes) {
    return attributes
        .find(CACHEINFO)
        .map(info -> info.struct(CACHEINFO_SIZE))
        .orElseGet(() -> ByteBuffer.allocate(CACHEINFO_SIZE).putInt(0, -1).putInt(4, -1));
  }
}
