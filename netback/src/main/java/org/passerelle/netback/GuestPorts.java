package org.passerelle.netback;

import java.util.OptionalInt;
import org.passerelle.link.wire.MacAddress;

/** Makes the guest's end of a vif. */
@FunctionalInterface
public interface GuestPorts {

  /**
   * Makes the guest's interface, its carrier off. Called on the xenbus thread.
   *
   * @param device the device's number: 0 is eth0
   * @param mac the address that the toolstack gave to it
   * @param mtu what the toolstack asks for, if anything
   * @throws RuntimeException when it cannot be had: the message goes to the log and to the store
   */
  NetDevice open(int device, MacAddress mac, OptionalInt mtu);
}
