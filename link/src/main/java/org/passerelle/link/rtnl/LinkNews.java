package org.passerelle.link.rtnl;

import java.util.Optional;
import org.passerelle.link.netlink.NetlinkMessage;

/**
 * What the kernel tells of a link that has come, changed or gone.
 *
 * @param gone it was deleted, or went to another namespace
 * @param promiscuity how many want all of its frames: captures, for example
 */
public record LinkNews(Link link, boolean gone, int promiscuity) {

  /**
   * Reads an RTM_NEWLINK or RTM_DELLINK; empty for other messages, and for those about a link in
   * its part as a bridge's port (family AF_BRIDGE), whose end is not the link's.
   */
  public static Optional<LinkNews> parse(NetlinkMessage message) {
    boolean gone = message.type() == Rtm.DELLINK;
    boolean wanted = gone || message.type() == Rtm.NEWLINK;
    if (!wanted || message.struct(LinkAttribute.STRUCT).get(0) != 0) {
      return Optional.empty();
    }
    int promiscuity = message.attributes(LinkAttribute.STRUCT).u32(LinkAttribute.PROMISCUITY, 0);
    return Optional.of(new LinkNews(LinkMessages.parse(message), gone, promiscuity));
  }
}
