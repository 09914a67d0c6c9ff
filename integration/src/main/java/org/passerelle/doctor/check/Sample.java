package org.passerelle.doctor.check;

import org.passerelle.doctor.filter.Packet;

/**
 * A packet that must pass.
 *
 * @param hook where it is looked at
 * @param way for people: from where to where
 * @param device the one that a rule would name
 */
record Sample(Purpose purpose, String hook, String way, String device, Packet packet) {

  /** All vifs that are called so, or this one. */
  String devices() {
    return device.startsWith("vif") ? "vif*" : device;
  }
}
