package org.passerelle.link.os;

import org.passerelle.link.ethtool.SendOffloads;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.rtnl.LinkChange;

/**
 * A link whose frames a packet socket gets at the other end of the cable. The kernel is to send
 * none that does not fit into a slot of {@link PacketRing}, and to leave nothing undone that a
 * {@code virtio_net_hdr} cannot tell: such frames are lost there.
 */
public final class SendingEnd {
  static final int FITTING_GSO = 65_400;

  private static final LinkChange FITTING = LinkChange.builder().gsoMaxSize(FITTING_GSO).build();

  private final Namespace home;
  private final String name;
  private final int index;

  private SendingEnd(Namespace home, String name, int index) {
    this.home = home;
    this.name = name;
    this.index = index;
  }

  /**
   * A link that sends what fits, and leaves undone whatever can be told.
   *
   * @param home where the link is; somebody else closes it
   * @throws KernelException with operation, errno and remedy
   */
  public static SendingEnd prepare(Namespace home, String link) {
    return prepare(home, link, SendOffloads.ALL);
  }

  /** The same, and it leaves no more undone than this. */
  static SendingEnd prepare(Namespace home, String link, SendOffloads wanted) {
    try (NetlinkKernel kernel = home.kernel()) {
      kernel.change(link, FITTING);
      SendingEnd end = new SendingEnd(home, link, kernel.index(link, "number " + link));
      end.offloads(wanted);
      return end;
    }
  }

  /** Says what it leaves undone from now on, whatever its name is by then. */
  void offloads(SendOffloads wanted) {
    home.run(
        () -> {
          try (Ethtool ethtool = new Ethtool()) {
            ethtool.set(index, wanted, "set offloads of " + name);
          }
        });
  }
}
