package org.passerelle.link.os;

import org.passerelle.link.ethtool.SendOffloads;
import org.passerelle.link.port.LinkPort;
import org.passerelle.link.port.PortDecorator;

/**
 * A veth pair in the place of a tap. It goes by the name that the named end was made with.
 *
 * <pre>
 *   vif1.0  ====  port1 -- packet socket
 * </pre>
 */
final class VethPort extends PortDecorator implements LinkPort {
  private final VethPair pair;

  private VethPort(VethPair pair, PacketSocket socket) {
    super(socket);
    this.pair = pair;
  }

  /** Connects a pair that has just been made; deletes it when that fails. */
  static VethPort open(VethPair pair) {
    try {
      pair.silence();
      return open(pair, pair.socket());
    } catch (RuntimeException e) {
      pair.close();
      throw e;
    }
  }

  private static VethPort open(VethPair pair, PacketSocket socket) {
    try {
      VethPort port = new VethPort(pair, socket);
      port.carrier(true);
      return port;
    } catch (RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  @Override
  public void offloads(boolean checksum, boolean tsoV4, boolean tsoV6) {
    pair.offloads(new SendOffloads(checksum, tsoV4, tsoV6));
  }

  @Override
  public void carrier(boolean on) {
    pair.carrier(on);
  }

  /** Deletes the link. */
  @Override
  public void close() {
    super.close();
    pair.close();
  }
}
