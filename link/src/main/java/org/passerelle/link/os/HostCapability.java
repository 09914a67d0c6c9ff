package org.passerelle.link.os;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Whether this host has a capability, found out by trying it (in a namespace made for that). Looked
 * for once in the life of the process.
 *
 * @param cause why it is absent: what was tried, and the errno; empty when present
 * @param remedy what to do about it; empty when present
 */
public record HostCapability(Capability capability, boolean present, String cause, String remedy) {
  private static final Map<Capability, HostCapability> KNOWN = new ConcurrentHashMap<>();

  /** What is known of it; tries it when nothing is. */
  public static HostCapability of(Capability capability) {
    return KNOWN.computeIfAbsent(capability, HostCapability::probe);
  }

  private static HostCapability probe(Capability capability) {
    return CapabilityProbe.missing(capability)
        .map(cause -> new HostCapability(capability, false, cause, capability.remedy()))
        .orElseGet(() -> new HostCapability(capability, true, "", ""));
  }

  /** For messages: {@code TAP (tap devices): open /dev/net/tun: EACCES (…); run as root …}. */
  @Override
  public String toString() {
    String name = capability + " (" + capability.description() + ")";
    return present ? name : name + ": " + cause + "; " + remedy;
  }
}
