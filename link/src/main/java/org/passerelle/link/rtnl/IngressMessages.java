package org.passerelle.link.rtnl;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.SortedSet;
import org.passerelle.link.list.Lists;
import org.passerelle.link.netlink.NetlinkFlags;
import org.passerelle.link.netlink.NetlinkMessage;
import org.passerelle.link.netlink.NetlinkWriter;
import org.passerelle.link.wire.VlanId;

/**
 * Filters that drop what comes in by a link, or leaves by it: {@code struct tcmsg}, then TCA_*
 * attributes (linux/rtnetlink.h, linux/pkt_sched.h, linux/pkt_cls.h). As {@code tc qdisc add dev
 * LINK clsact} and {@code tc filter add dev LINK ingress pref 1 bpf da bytecode '1,6 0 0 2'} have
 * it.
 *
 * <pre>
 *   0         1      4        8         12        16      20
 *   | family  | pad  | index  | handle  | parent  | info  | attributes
 * </pre>
 *
 * Classic BPF programs, since they need neither root (eBPF does) nor an action of their own (drop
 * is one that a kernel may lack).
 */
public final class IngressMessages {
  /** TC_H_CLSACT, and the handle that such a qdisc has. */
  private static final int CLSACT = 0xFFFF_FFF1;

  private static final int CLSACT_HANDLE = 0xFFFF_0000;

  /** TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS). */
  private static final int INGRESS = 0xFFFF_FFF2;

  /** TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_EGRESS). */
  private static final int EGRESS = 0xFFFF_FFF3;

  private static final int PREFERENCE = 1;

  /** By which our filter for VLANs is told from those of others: the letters PW. */
  private static final int VLAN_PREFERENCE = 0x5057;

  /** By which those for tags are told: the letters PT. */
  private static final int TAG_PREFERENCE = 0x5054;

  /** Offsets in struct tcmsg. */
  private static final int HANDLE_AT = 8;

  private static final int INFO_AT = HANDLE_AT + 8;
  private static final int TCMSG = INFO_AT + 4;

  private static final int ETH_P_ALL = 3;

  private static final int KIND = 1;
  private static final int OPTIONS = 2;

  /** Inside OPTIONS: TCA_BPF_OPS_LEN, TCA_BPF_OPS, TCA_BPF_FLAGS. */
  private static final int INSTRUCTION_COUNT = 4;

  private static final int INSTRUCTIONS = 5;
  private static final int BPF_FLAGS = 8;

  /** What the program returns is the verdict. */
  private static final int DIRECT_ACTION = 1;

  private IngressMessages() {}

  /** Makes the place for filters; there must be none yet. */
  public static NetlinkWriter addPlace(int index) {
    return place(Rtm.NEWQDISC, NetlinkFlags.EXCLUSIVE | NetlinkFlags.CREATE, index);
  }

  /** Takes the place and all its filters away. */
  public static NetlinkWriter removePlace(int index) {
    return place(Rtm.DELQDISC, 0, index);
  }

  private static NetlinkWriter place(int type, int flags, int index) {
    return header(type, flags, index, CLSACT_HANDLE, CLSACT, 0).text(KIND, "clsact");
  }

  /** Drops everything from now on. */
  public static NetlinkWriter dropAll(int index) {
    int flags = NetlinkFlags.EXCLUSIVE | NetlinkFlags.CREATE;
    return filter(
        header(Rtm.NEWTFILTER, flags, index, 0, INGRESS, info(PREFERENCE)),
        FilterProgram.dropAll());
  }

  /**
   * Drops what has the tag of one of these VLANs, and no more what was asked for before.
   *
   * @param place its filters are in
   * @throws IllegalArgumentException when they are too scattered
   */
  public static NetlinkWriter dropVlans(int index, SortedSet<VlanId> vlans, FilterPlace place) {
    return filter(
        header(
            Rtm.NEWTFILTER,
            NetlinkFlags.CREATE,
            index,
            place.handle(),
            INGRESS,
            info(VLAN_PREFERENCE)),
        FilterProgram.drop(vlans));
  }

  /** Drops no VLANs any more; other filters stay. */
  public static NetlinkWriter dropNoVlans(int index) {
    return header(Rtm.DELTFILTER, 0, index, 0, INGRESS, info(VLAN_PREFERENCE));
  }

  /**
   * Drops what has a tag, in either direction; what a packet socket sends excepted.
   *
   * @param place its filters are in
   */
  public static List<NetlinkWriter> dropTagged(int index, FilterPlace place) {
    return List.of(
        filter(newTagged(index, place, INGRESS), FilterProgram.dropTaggedIn()),
        filter(newTagged(index, place, EGRESS), FilterProgram.dropTaggedOut()));
  }

  private static NetlinkWriter newTagged(int index, FilterPlace place, int parent) {
    return header(
        Rtm.NEWTFILTER, NetlinkFlags.CREATE, index, place.handle(), parent, info(TAG_PREFERENCE));
  }

  /** Drops what has a tag no more; other filters stay. */
  public static List<NetlinkWriter> dropNoTagged(int index) {
    return List.of(oldTagged(index, INGRESS), oldTagged(index, EGRESS));
  }

  private static NetlinkWriter oldTagged(int index, int parent) {
    return header(Rtm.DELTFILTER, 0, index, 0, parent, info(TAG_PREFERENCE));
  }

  /** Whether an answer to {@link #filters} is a filter of ours whose place is ours, too. */
  public static boolean isInOurPlace(NetlinkMessage filter) {
    ByteBuffer struct = filter.struct(TCMSG);
    int preference = struct.getInt(INFO_AT) >>> 16;
    return struct.getInt(HANDLE_AT) == FilterPlace.OURS.handle()
        && (preference == VLAN_PREFERENCE || preference == TAG_PREFERENCE);
  }

  /** What tc would be told for {@link #addPlace} and {@link #dropTagged}. */
  public static List<String> dropTaggedCommands(String link) {
    return List.of(
        "tc qdisc add dev " + link + " clsact",
        command(link, "ingress", FilterProgram.dropTaggedIn()),
        command(link, "egress", FilterProgram.dropTaggedOut()));
  }

  private static String command(String link, String direction, FilterProgram program) {
    return "tc filter add dev %s %s pref %d bpf da bytecode '%s'"
        .formatted(link, direction, TAG_PREFERENCE, program);
  }

  /** Asks for the filters of a place, of either direction. */
  public static List<NetlinkWriter> filters(int index) {
    return Lists.map(List.of(INGRESS, EGRESS), parent -> asked(index).u32(0).u32(parent).u32(0));
  }

  private static NetlinkWriter asked(int index) {
    return NetlinkWriter.message(Rtm.GETTFILTER, NetlinkFlags.REQUEST | NetlinkFlags.DUMP)
        .u32(0)
        .u32(index);
  }

  private static int info(int preference) {
    return preference << 16 | bigEndian(ETH_P_ALL);
  }

  private static NetlinkWriter filter(NetlinkWriter writer, FilterProgram program) {
    writer.text(KIND, "bpf");
    int options = writer.begin(OPTIONS);
    writer.attribute16(INSTRUCTION_COUNT, program.length());
    int instructions = writer.begin(INSTRUCTIONS);
    program.emit(writer);
    writer.end(instructions);
    return writer.attribute32(BPF_FLAGS, DIRECT_ACTION).end(options);
  }

  private static int bigEndian(int value) {
    boolean little = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    return little ? Short.toUnsignedInt(Short.reverseBytes((short) value)) : value;
  }

  private static NetlinkWriter header(
      int type, int flags, int index, int handle, int parent, int info) {
    return NetlinkWriter.message(type, NetlinkFlags.REQUEST | NetlinkFlags.ACK | flags)
        .u32(0)
        .u32(index)
        .u32(handle)
        .u32(parent)
        .u32(info);
  }
}
