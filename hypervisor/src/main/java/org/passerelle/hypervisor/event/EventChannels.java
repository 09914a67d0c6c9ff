package org.passerelle.hypervisor.event;

import org.passerelle.hypervisor.domain.DomainId;

/**
 * One domain's event channels. A port is a small number of that domain's own; 0 is never one.
 *
 * <p>Every call throws {@link EventChannelException} for a port that the domain does not have.
 * Calls may come from any thread; a port's descriptor is to be taken out of every poller before the
 * port is closed.
 */
public interface EventChannels {

  /** Makes a port that {@code remote}, and nobody else, may bind to. */
  int allocateUnbound(DomainId remote);

  /**
   * Binds to a port that {@code remote} allocated for us; returns our own port. That port is
   * pending at once, as in Xen: what the other end sent before there was a channel was lost, so
   * whoever binds looks once. Throws {@link EventChannelException} when it may not.
   */
  int bindInterdomain(DomainId remote, int remotePort);

  /**
   * Sends an event to the other end. Coalesces: an event already pending there stays one event.
   * Nothing happens on a port that is not bound (yet, or any more).
   */
  void notify(int port);

  /**
   * A descriptor that polls readable while the port is pending and not masked. It is for polling
   * only, level or edge triggered, never for reading; the same one as long as the port lives.
   */
  int descriptor(int port);

  /** Takes the pending event, masked or not: true when there was one. Never blocks. */
  boolean consume(int port);

  /**
   * Holds events back: the descriptor stays quiet whatever the other end does, the pending bit is
   * kept.
   */
  void mask(int port);

  /** Lets them through again, a kept one at once. */
  void unmask(int port);

  /**
   * Unbinds and frees the port. The other end's port stays, unbound; notifying it does nothing, and
   * the same domain may bind to it again.
   */
  void close(int port);
}
