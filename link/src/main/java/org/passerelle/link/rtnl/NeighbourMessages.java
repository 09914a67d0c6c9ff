package org.passerelle.link.rtnl;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.passerelle.link.netlink.Attributes;
import org.passerelle.link.netlink.NetlinkFlags;
import org.passerelle.link.netlink.NetlinkMessage;
import org.passerelle.link.netlink.NetlinkWriter;
import org.passerelle.link.wire.MacAddress;

/**
 * Neighbour entries to and from rtnetlink's messages: {@code struct ndmsg}, then NDA_* attributes
 * (linux/neighbour.h).
 *
 * <pre>
 *   0         1      4        8        10       11      12
 *   | family  | pad  | index  | state  | flags  | type  | attributes
 * </pre>
 */
public final class NeighbourMessages {
  private static final int INDEX = 4;
  private static final int STATE = INDEX + 4;
  private static final int FLAGS = STATE + 2;
  private static final int TYPE = FLAGS + 1;
  private static final int STRUCT = TYPE + 1;

  private static final int DST = 1;
  private static final int LLADDR = 2;
  private static final int IFINDEX = 8;

  private NeighbourMessages() {}

  /**
   * Asks for the entries of the neighbour tables.
   *
   * @param link the number of their device; 0 for all
   */
  public static NetlinkWriter dump(int link) {
    return dump(link, 0);
  }

  /** Asks for the addresses that this host answers for; the kernel lists them apart. */
  public static NetlinkWriter dumpProxies(int link) {
    return dump(link, Neighbour.PROXY);
  }

  /** A number in the header, where it is when an entry is meant, the kernel refuses here. */
  private static NetlinkWriter dump(int link, int neighbourFlags) {
    NetlinkWriter writer = header(Rtm.GETNEIGH, NetlinkFlags.DUMP, 0, 0, 0, neighbourFlags);
    return link == 0 ? writer : writer.attribute32(IFINDEX, link);
  }

  /** Adds an entry that must not exist yet. */
  public static NetlinkWriter add(Neighbour neighbour, LinkNames names) {
    int flags = NetlinkFlags.ACK | NetlinkFlags.EXCLUSIVE | NetlinkFlags.CREATE;
    NetlinkWriter writer = entry(Rtm.NEWNEIGH, flags, neighbour, names);
    neighbour.mac().ifPresent(mac -> writer.attribute(LLADDR, mac.octets()));
    return writer;
  }

  /** Removes an entry. */
  public static NetlinkWriter remove(Neighbour neighbour, LinkNames names) {
    return entry(Rtm.DELNEIGH, NetlinkFlags.ACK, neighbour, names);
  }

  private static NetlinkWriter entry(int type, int flags, Neighbour entry, LinkNames names) {
    int family = Rtm.family(IpAddresses.isV6(entry.address()));
    int index = names.index(entry.device());
    return header(type, flags, family, index, entry.state(), entry.flags())
        .attribute(DST, entry.address().getAddress());
  }

  private static NetlinkWriter header(
      int type, int flags, int family, int index, int state, int neighbourFlags) {
    return NetlinkWriter.message(type, NetlinkFlags.REQUEST | flags)
        .u8(family)
        .octets(new byte[INDEX - 1])
        .u32(index)
        .u16(state)
        .u8(neighbourFlags)
        .u8(0);
  }

  /** Reads an RTM_NEWNEIGH; empty when its device is gone, or when it is no IP neighbour. */
  public static Optional<Neighbour> parse(NetlinkMessage message, LinkNames names) {
    ByteBuffer struct = message.struct(STRUCT);
    Attributes attributes = message.attributes(STRUCT);
    Optional<String> device = names.name(struct.getInt(INDEX));
    Optional<InetAddress> address =
        Rtm.isIp(struct.get(0)) ? IpAddresses.find(attributes, DST) : Optional.empty();
    return device.isEmpty() || address.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Neighbour(
                device.get(),
                address.get(),
                mac(attributes),
                struct.getShort(STATE) & 0xFFFF,
                struct.get(FLAGS) & 0xFF));
  }

  private static Optional<MacAddress> mac(Attributes attributes) {
    return attributes
        .find(LLADDR)
        .filter(address -> address.length() == MacAddress.LENGTH)
        .map(address -> MacAddress.of(address.octets(), 0));
  }
}
