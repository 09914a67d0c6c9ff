package org.passerelle.lab.capture;

import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.util.Optional;
import org.passerelle.link.wire.Ethernet;
import org.passerelle.link.wire.Headers;
import org.passerelle.link.wire.MacAddress;
import org.passerelle.link.wire.VlanTag;

/**
 * What an expectation can ask about a frame.
 *
 * @param vlan the outermost tag's VID, 0 for an untagged frame
 * @param ipSource empty when it is not IP
 */
record FrameFacts(
    MacAddress etherSource,
    MacAddress etherDestination,
    int vlan,
    Optional<InetAddress> ipSource,
    Optional<InetAddress> ipDestination) {

  /** Empty for a frame without a whole Ethernet header. */
  static Optional<FrameFacts> of(byte[] octets) {
    if (octets.length < Ethernet.HEADER) {
      return Optional.empty();
    }
    MemorySegment memory = MemorySegment.ofArray(octets);
    Headers headers = new Headers();
    headers.parse(memory, 0, octets.length);
    return Optional.of(
        new FrameFacts(
            new MacAddress(Ethernet.source(memory, 0)),
            new MacAddress(Ethernet.destination(memory, 0)),
            headers.tci() == Headers.NONE ? 0 : VlanTag.vid(headers.tci()),
            headers.sourceAddress(),
            headers.destinationAddress()));
  }
}
