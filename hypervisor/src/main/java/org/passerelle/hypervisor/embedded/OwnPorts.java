package org.passerelle.hypervisor.embedded;

import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.event.EventChannelException;
import org.passerelle.hypervisor.event.EventChannels;

/** How a domain uses the ports that it has, in the hypervisor's process or in one of its own. */
abstract class OwnPorts<P extends OwnPorts.Port> implements EventChannels {
  private final DomainId owner;

  OwnPorts(DomainId owner) {
    this.owner = owner;
  }

  /** A port as its domain uses it. */
  interface Port {
    /** Makes an event pending at the other end, when there is one. */
    void send();

    /** Takes the pending event; false when there was none. Never blocks. */
    boolean take();

    Gate gate();
  }

  final DomainId owner() {
    return owner;
  }

  /** A port, whatever its number; null when there is none. */
  abstract P find(int port);

  final P require(String operation, int port) {
    P found = find(port);
    if (found == null) {
      throw EventChannelException.noPort(operation, owner, port);
    }
    return found;
  }

  @Override
  public final void notify(int port) {
    require("notify", port).send();
  }

  @Override
  public final int descriptor(int port) {
    return require("poll", port).gate().descriptor();
  }

  @Override
  public final boolean consume(int port) {
    return require("consume", port).take();
  }

  @Override
  public final void mask(int port) {
    require("mask", port).gate().shut();
  }

  @Override
  public final void unmask(int port) {
    require("unmask", port).gate().open();
  }
}
