package org.passerelle.link.os;

import java.util.List;
import java.util.Map;
import org.passerelle.link.ethtool.FeatureMessages;
import org.passerelle.link.ethtool.SendOffloads;
import org.passerelle.link.netlink.NetlinkConversation;
import org.passerelle.link.netlink.NetlinkException;

/** The features of the links of the network namespace of whoever opens it. */
final class Ethtool implements AutoCloseable {
  private final NetlinkSocket socket = NetlinkSocket.open(NetlinkSocket.GENERIC);
  private final NetlinkConversation conversation = new NetlinkConversation(socket);

  /** Sets what a link leaves undone of the frames that it sends. */
  void set(int link, SendOffloads wanted, String operation) {
    try {
      int family = FeatureMessages.family(conversation.get(FeatureMessages.family()));
      List<String> changeable =
          FeatureMessages.changeable(conversation.get(FeatureMessages.get(family, link)));
      Map<String, Boolean> features = wanted.features(changeable);
      conversation.change(FeatureMessages.set(family, link, features));
    } catch (NetlinkException e) {
      throw Libc.failure(operation, e.errno(), remedy(e));
    }
  }

  private static String remedy(NetlinkException e) {
    return e.errno() == Errno.ENOENT ? "a kernel with CONFIG_ETHTOOL_NETLINK" : e.text();
  }

  @Override
  public void close() {
    socket.close();
  }
}
