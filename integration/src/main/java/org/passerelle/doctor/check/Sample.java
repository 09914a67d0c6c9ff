package org.passerelle.doctor.check;

import org.passerelle.doctor.filter.Packet;

/**
 * A packet that must pass.
 *
 * @param hook where it is looked at
 * @param way for people: from where to where
 * @param device the one that a rule would name
 * @param uplink the NIC that it would name beside that; empty where there is none
 */
record Sample(
    Purpose purpose, String hook, String way, String device, String uplink, Packet packet) {

  /** The rule that would let it pass, in nft's words. */
  String nft() {
    return purpose.nft(devices(), uplink);
  }

  /** The same in iptables' words. */
  String iptables() {
    return purpose.iptables(devices(), uplink);
  }

  /** All vifs that are called so, or this one. */
  private String devices() {
    return device.startsWith("vif") ? "vif*" : device;
  }
}
