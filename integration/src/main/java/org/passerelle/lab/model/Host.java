package org.passerelle.lab.model;

import java.util.List;
import java.util.Optional;
import org.passerelle.link.wire.MacAddress;

/** dom0: its physical NICs, and the addresses that it gets on bridges. */
public record Host(List<Nic> nics, List<Bridge> bridges) {

  /** A physical NIC and the wire that it is plugged into. */
  public record Nic(
      String name,
      String wire,
      Optional<Located<MacAddress>> mac,
      Settings settings,
      Position at) {}

  /** A bridge that somebody makes, and what dom0 is to have on it. */
  public record Bridge(String name, Settings settings, Position at) {}
}
