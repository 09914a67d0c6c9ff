package org.passerelle.lab.model;

import java.net.InetAddress;

/** An IP version. */
public enum Family {
  V4,
  V6;

  public static Family of(InetAddress address) {
    return address.getAddress().length == 16 ? V6 : V4;
  }

  @Override
  public String toString() {
    return this == V4 ? "IPv4" : "IPv6";
  }
}
