package org.passerelle.link.rtnl;

import java.nio.ByteOrder;
import org.passerelle.link.netlink.NetlinkFlags;
import org.passerelle.link.netlink.NetlinkWriter;

/**
 * A filter that drops whatever comes in by a link: {@code struct tcmsg}, then TCA_* attributes
 * (linux/rtnetlink.h, linux/pkt_sched.h, linux/pkt_cls.h). As {@code tc qdisc add dev LINK clsact}
 * and {@code tc filter add dev LINK ingress pref 1 bpf da bytecode '1,6 0 0 2'} have it.
 *
 * <pre>
 *   0         1      4        8         12        16      20
 *   | family  | pad  | index  | handle  | parent  | info  | attributes
 * </pre>
 *
 * A classic BPF program of one instruction, since it needs neither root (an eBPF one does) nor an
 * action of its own (drop is one that a kernel may lack).
 */
public final class IngressMessages {
  /** TC_H_CLSACT, and the handle that such a qdisc has. */
  private static final int CLSACT = 0xFFFF_FFF1;

  private static final int CLSACT_HANDLE = 0xFFFF_0000;

  /** TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS). */
  private static final int INGRESS = 0xFFFF_FFF2;

  private static final int PREFERENCE = 1;
  private static final int ETH_P_ALL = 3;

  private static final int KIND = 1;
  private static final int OPTIONS = 2;

  /** Inside OPTIONS: TCA_BPF_OPS_LEN, TCA_BPF_OPS, TCA_BPF_FLAGS. */
  private static final int INSTRUCTION_COUNT = 4;

  private static final int INSTRUCTIONS = 5;
  private static final int BPF_FLAGS = 8;

  /** What the program returns is the verdict. */
  private static final int DIRECT_ACTION = 1;

  private static final int BPF_RETURN_CONSTANT = 6;
  private static final int TC_ACT_SHOT = 2;

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
    int info = PREFERENCE << 16 | bigEndian(ETH_P_ALL);
    NetlinkWriter writer = header(Rtm.NEWTFILTER, flags, index, 0, INGRESS, info);
    writer.text(KIND, "bpf");
    int options = writer.begin(OPTIONS);
    writer.attribute16(INSTRUCTION_COUNT, 1);
    int program = writer.begin(INSTRUCTIONS);
    // struct sock_filter: code, two jumps, a constant
    writer.u16(BPF_RETURN_CONSTANT).u8(0).u8(0).u32(TC_ACT_SHOT).end(program);
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
