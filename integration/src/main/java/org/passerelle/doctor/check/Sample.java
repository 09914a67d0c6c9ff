package org.passerelle.doctor.check;

import org.passerelle.doctor.filter.Packet;

/**
 * A packet that must pass.
 *
 * @param way for people: from where to where, with {@code %s} for the guest's device
 * @param called the guest's device, for people
 * @param device the same, or the bridge's, for rules
 */
record Sample(Purpose purpose, String way, String called, String device, Packet packet) {

  /** The rule that would let it pass in ufw's words; empty where it has none. */
  String ufw() {
    return purpose.ufw(plus(packet.in()), plus(packet.out()));
  }

  /** All vifs that are called so, or this device, in the words of all but nft. */
  String devices() {
    return plus(device);
  }

  /** The same in nft's words. */
  static String glob(String device) {
    return device.matches("vif[1-9].*") ? "vif*" : device;
  }

  static String plus(String device) {
    return glob(device).replace('*', '+');
  }
}
