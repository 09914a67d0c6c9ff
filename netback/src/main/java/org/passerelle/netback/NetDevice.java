package org.passerelle.netback;

import org.passerelle.link.port.Port;
import org.passerelle.netback.protocol.Offloads;

/**
 * What a half of a vif carries frames for: a tap in the host's or the guest's namespace, a port of
 * a user-space bridge. It outlives the channel: a vif that reconnects keeps its device.
 */
public interface NetDevice extends AutoCloseable {

  /** Where its frames go in and out. Used by the data plane's thread only. */
  Port port();

  /**
   * The link is up or down for whoever uses the device. A guest's kernel announces itself
   * (gratuitous ARP, unsolicited neighbour advertisement) when its carrier comes on and {@code
   * arp_notify} or {@code ndisc_notify} is set: that is what moves switch tables after a migration.
   */
  void carrier(boolean on);

  /**
   * What the other end of the channel takes: the device should hand over nothing else. What it
   * hands over nevertheless is completed (checksums) or dropped and counted.
   */
  void peerAccepts(Offloads offloads);

  /** Frees the device. Called once, after the data plane has let go of the port. */
  @Override
  void close();
}
