package org.passerelle.hypervisor.embedded;

import org.passerelle.hypervisor.domain.DomainId;

/**
 * One end of an event channel: a port of one domain, kept for one other domain. Unbound while it
 * has no peer. Who may change that is {@link EventSwitch}'s business.
 *
 * <pre>
 *   both domains in this process          the guest in another one
 *
 *   end ── rings ──► bell of the other    host's end ── rings ──► bell ◄── gate, lent
 *                    bell ◄── gate                                kick, lent ◄── guest rings
 *                                         host's end hears the kick, beside its own bell
 * </pre>
 */
final class PortEnd implements OwnPorts.Port {
  private final int number;
  private final DomainId remote;
  private final String name;
  private final Doorbell bell;
  private final Gate gate;

  /** What a domain in another process rings; null for one in this process. */
  private final Doorbell kick;

  /** The peer's kick, as this end has it; null while the peer is in this process, or none. */
  private volatile Doorbell heard;

  private volatile PortEnd peer;

  private PortEnd(
      int number, DomainId remote, String name, Doorbell bell, Doorbell kick, Gate gate) {
    this.number = number;
    this.remote = remote;
    this.name = name;
    this.bell = bell;
    this.kick = kick;
    this.gate = gate;
  }

  /** Makes an end; throws HypervisorException when the host is out of something. */
  @FunctionalInterface
  interface Maker {
    PortEnd make(DomainId owner, int number, DomainId remote);
  }

  /** An end of a domain in this process. */
  static PortEnd here(DomainId owner, int number, DomainId remote) {
    String name = name(owner, number);
    Doorbell bell = Doorbell.of(name);
    try {
      Gate gate = Gate.whileReadable(name, bell.descriptor());
      return new PortEnd(number, remote, name, bell, null, gate);
    } catch (RuntimeException e) {
      bell.close();
      throw e;
    }
  }

  /** An end of a domain in another process: its gate and its kick are lent to that process. */
  static PortEnd lent(DomainId owner, int number, DomainId remote) {
    String name = name(owner, number);
    Teardown undo = new Teardown();
    try {
      Doorbell bell = Doorbell.of(name);
      undo.add(bell::close);
      Doorbell kick = Doorbell.of(name);
      undo.add(kick::close);
      Gate gate = Gate.eachTime(name, bell.descriptor());
      return new PortEnd(number, remote, name, bell, kick, gate);
    } catch (RuntimeException e) {
      undo.closeAfter(e);
      throw e;
    }
  }

  private static String name(DomainId owner, int number) {
    return owner + " port " + number;
  }

  int number() {
    return number;
  }

  /** The only domain that may be at the other end. */
  DomainId remote() {
    return remote;
  }

  boolean isBound() {
    return peer != null;
  }

  /** Makes this end and a free one of another domain the two ends of one channel. */
  void join(PortEnd other) {
    hear(other);
    other.hear(this);
    peer = other;
    other.peer = this;
  }

  private void hear(PortEnd other) {
    if (other.kick != null) {
      Doorbell mine = other.kick.duplicate(name);
      heard = mine;
      gate.watch(mine.descriptor());
    }
  }

  /** Ends the channel: neither end reaches the other any more. */
  void part() {
    PortEnd other = peer;
    if (other != null) {
      other.leave();
      leave();
    }
  }

  private void leave() {
    peer = null;
    Doorbell mine = heard;
    if (mine != null) {
      heard = null;
      gate.forget(mine.descriptor());
      mine.close();
    }
  }

  @Override
  public void send() {
    PortEnd other = peer;
    if (other != null) {
      other.bell.ring();
    }
  }

  @Override
  public boolean take() {
    Doorbell mine = heard;
    return bell.take() | (mine != null && mine.take());
  }

  /** Rung by this process only. */
  Doorbell bell() {
    return bell;
  }

  /** Rung by another process only; null for a domain in this one. */
  Doorbell kick() {
    return kick;
  }

  @Override
  public Gate gate() {
    return gate;
  }

  /** Frees what a parted end has. */
  void close() {
    leave();
    gate.close();
    bell.close();
    if (kick != null) {
      kick.close();
    }
  }
}
