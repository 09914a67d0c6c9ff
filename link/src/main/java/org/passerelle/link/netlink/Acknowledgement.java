package org.passerelle.link.netlink;

import java.nio.ByteBuffer;

/**
 * How a request ended: NLMSG_ERROR, or the NLMSG_DONE of a dump.
 *
 * <pre>
 *   NLMSG_ERROR   0          4                    20
 *                 | -errno   | request's header   | request's payload unless CAPPED | attributes
 *   NLMSG_DONE    | -errno   | attributes
 * </pre>
 *
 * The attributes (extended acknowledgement, {@code enum nlmsgerr_attrs}) are there when the message
 * has the flag NLM_F_ACK_TLVS.
 *
 * @param errno positive; 0 for success
 * @param text the kernel's own words, maybe empty
 */
public record Acknowledgement(int errno, String text) {
  private static final int ATTR_MSG = 1;
  private static final int ATTR_OFFS = 2;
  private static final int ATTR_MISS_TYPE = 5;

  static Acknowledgement parse(NetlinkMessage message) {
    boolean done = message.type() == NetlinkMessage.DONE;
    if (done && message.payload().limit() < 4) {
      return new Acknowledgement(0, "");
    }
    int errno = -message.struct(4).getInt(0);
    boolean explained = (message.flags() & NetlinkFlags.ACK_ATTRIBUTES) != 0;
    int fixed = done ? 4 : 4 + requestOctets(message);
    return new Acknowledgement(errno, explained ? text(message.attributes(fixed)) : "");
  }

  private static int requestOctets(NetlinkMessage message) {
    ByteBuffer header = message.struct(4 + NetlinkMessage.HEADER);
    int length = header.getInt(4 + NetlinkMessage.LENGTH);
    boolean capped = (message.flags() & NetlinkFlags.CAPPED) != 0;
    if (capped) {
      return NetlinkMessage.HEADER;
    }
    if (length < NetlinkMessage.HEADER || length > message.payload().limit()) {
      throw new MalformedMessageException("acknowledged request says it has " + length + " octets");
    }
    return NetlinkMessage.aligned(length);
  }

  private static String text(Attributes attributes) {
    String text = attributes.text(ATTR_MSG);
    int missing = attributes.u32(ATTR_MISS_TYPE, -1);
    if (missing >= 0) {
      text += (text.isEmpty() ? "" : ", ") + "attribute " + missing + " is missing";
    }
    int offset = attributes.u32(ATTR_OFFS, -1);
    if (offset >= 0) {
      text += (text.isEmpty() ? "" : ", ") + "at octet " + offset + " of the request";
    }
    return text;
  }
}
