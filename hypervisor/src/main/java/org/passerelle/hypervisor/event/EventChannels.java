package org.passerelle.hypervisor.event;

import org.passerelle.hypervisor.domain.DomainId;

/** One domain's event channels. A port is a small number of that domain's own; 0 is never one. */
public interface EventChannels {

  /** Makes a port that {@code remote} may bind to. */
  int allocateUnbound(DomainId remote);

  /**
   * Binds to a port that {@code remote} allocated for us; returns our own port. Throws when it may
   * not.
   */
  int bindInterdomain(DomainId remote, int remotePort);

  /** Sends an event to the other end. Coalesces: an event already pending there stays one event. */
  void notify(int port);

  /** A descriptor that polls readable while the port is pending and not masked. */
  int descriptor(int port);

  /** Takes the pending event: true when there was one. */
  boolean consume(int port);

  /** Holds events back: the descriptor stays quiet, the pending bit is kept. */
  void mask(int port);

  /** Lets them through again, a kept one at once. */
  void unmask(int port);

  /** Unbinds and frees the port. The other end's port stays, unbound; notifying it does nothing. */
  void close(int port);
}
