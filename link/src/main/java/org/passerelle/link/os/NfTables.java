package org.passerelle.link.os;

import org.passerelle.link.netlink.NetlinkConversation;
import org.passerelle.link.netlink.NetlinkException;
import org.passerelle.link.netlink.NetlinkFlags;
import org.passerelle.link.netlink.NetlinkWriter;

/** The kernel's packet filter, asked without its library. */
public final class NfTables {
  /** NFNL_SUBSYS_NFTABLES and NFT_MSG_GETGEN (linux/netfilter/nf_tables.h). */
  private static final int GET_GENERATION = 10 << 8 | 16;

  private NfTables() {}

  /**
   * Asks in the calling thread's namespace, and loads the module where there is one. Throws
   * KernelException: EPROTONOSUPPORT from a kernel without nfnetlink, EINVAL from one without
   * nf_tables.
   */
  public static void ask() {
    String operation = "ask nf_tables for its generation";
    try (NetlinkSocket socket = NetlinkSocket.open(NetlinkSocket.NETFILTER)) {
      NetlinkWriter question = NetlinkWriter.message(GET_GENERATION, NetlinkFlags.REQUEST);
      new NetlinkConversation(socket).get(question.u32(0));
    } catch (NetlinkException e) {
      throw Libc.failure(operation, e.errno(), e.text());
    }
  }
}
