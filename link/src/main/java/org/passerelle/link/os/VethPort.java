package org.passerelle.link.os;

import org.passerelle.link.ethtool.SendOffloads;
import org.passerelle.link.port.Frame;
import org.passerelle.link.port.LinkPort;

/**
 * A veth pair in the place of a tap.
 *
 * <pre>
 *   vif1.0  ====  port1 -- packet socket
 * </pre>
 */
final class VethPort implements LinkPort {
  private final VethPair pair;
  private final PacketSocket socket;

  private VethPort(VethPair pair, PacketSocket socket) {
    this.pair = pair;
    this.socket = socket;
  }

  /** Connects a pair that has just been made; deletes it when that fails. */
  static VethPort open(VethPair pair) {
    try {
      pair.prepare();
      VethPort port = new VethPort(pair, pair.socket());
      port.offloads(false, false, false);
      port.carrier(true);
      return port;
    } catch (RuntimeException e) {
      pair.close();
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

  /** The named end's name when it was made. */
  @Override
  public String name() {
    return socket.name();
  }

  @Override
  public boolean receive(Frame frame) {
    return socket.receive(frame);
  }

  @Override
  public boolean send(Frame frame) {
    return socket.send(frame);
  }

  @Override
  public int descriptor() {
    return socket.descriptor();
  }

  /** Deletes the link. */
  @Override
  public void close() {
    socket.close();
    pair.close();
  }
}
