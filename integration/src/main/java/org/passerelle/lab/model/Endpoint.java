package org.passerelle.lab.model;

import java.net.InetAddress;
import java.util.Optional;

/** One end of a check: a station, one of its devices, or an address. */
public sealed interface Endpoint {

  /** {@code web} or {@code web/eth0}. */
  record Named(String station, Optional<String> device) implements Endpoint {
    @Override
    public String toString() {
      return device.map(name -> station + "/" + name).orElse(station);
    }
  }

  /** {@code 192.0.2.1}, whoever has it. */
  record Numeric(InetAddress address) implements Endpoint {
    @Override
    public String toString() {
      return AddressText.of(address);
    }
  }
}
