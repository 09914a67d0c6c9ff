package org.passerelle.hypervisor.embedded;

import org.passerelle.hypervisor.domain.DomainId;

/**
 * One end of an event channel: a port of one domain, kept for one other domain. Unbound while it
 * has no peer. Who may change the peer is {@link EventSwitch}'s business.
 */
final class PortEnd {
  private final int number;
  private final DomainId remote;
  private final Doorbell bell;
  private final Gate gate;
  private volatile PortEnd peer;

  PortEnd(DomainId owner, int number, DomainId remote) {
    String name = owner + " port " + number;
    this.number = number;
    this.remote = remote;
    this.bell = new Doorbell(name);
    try {
      this.gate = new Gate(name, bell.descriptor());
    } catch (RuntimeException e) {
      bell.close();
      throw e;
    }
  }

  int number() {
    return number;
  }

  /** The only domain that may be at the other end. */
  DomainId remote() {
    return remote;
  }

  /** The other end; null while there is none. */
  PortEnd peer() {
    return peer;
  }

  void peer(PortEnd other) {
    peer = other;
  }

  /** Makes an event pending at the other end, when there is one. */
  void send() {
    PortEnd other = peer;
    if (other != null) {
      other.bell.ring();
    }
  }

  Doorbell bell() {
    return bell;
  }

  Gate gate() {
    return gate;
  }

  void close() {
    gate.close();
    bell.close();
  }
}
