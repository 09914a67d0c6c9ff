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
    return purpose.nft(glob(), uplink);
  }

  /** The same in iptables' words. */
  String iptables() {
    return purpose.iptables(glob(), uplink);
  }

  /** The same in ufw's words; empty where it has none. */
  String ufw() {
    return purpose.ufw(devices(), uplink);
  }

  /** All vifs that are called so, or this one, in the words of all but nft. */
  String devices() {
    return glob().replace('*', '+');
  }

  private String glob() {
    return device.startsWith("vif") ? "vif*" : device;
  }
}
