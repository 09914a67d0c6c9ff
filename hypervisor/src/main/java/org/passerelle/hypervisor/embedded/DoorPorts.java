package org.passerelle.hypervisor.embedded;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.passerelle.hypervisor.HypervisorException;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.event.EventChannelException;
import org.passerelle.hypervisor.event.EventChannels;

/** A domain's ports in its own process: allocated and closed at the door, used without asking. */
final class DoorPorts implements EventChannels, AutoCloseable {
  /** A guest's port numbers are below this. */
  private static final int NUMBERS = 1024;

  private final DomainId owner;
  private final DoorCaller door;
  private final AtomicReferenceArray<DoorPort> ports = new AtomicReferenceArray<>(NUMBERS);

  DoorPorts(DomainId owner, DoorCaller door) {
    this.owner = owner;
    this.door = door;
  }

  @Override
  public int allocateUnbound(DomainId remote) {
    DoorMessage request = DoorMessage.request(DoorMessage.ALLOCATE_UNBOUND, remote.value());
    DoorCaller.Reply reply = door.ask(request, 2);
    if (reply.isRefusal()) {
      reply.drop();
      throw new EventChannelException(
          "allocate a port of " + owner + " for " + remote, reply.error(), "the host refuses");
    }
    int number = reply.message().word0();
    int events = reply.descriptors().getFirst();
    DoorPort made = new DoorPort(owner + " port " + number, events, reply.descriptors().getLast());
    ports.set(number, made);
    return number;
  }

  @Override
  public int bindInterdomain(DomainId remote, int remotePort) {
    throw new EventChannelException(
        "bind " + owner + " to " + remote + " port " + remotePort,
        "ENOSYS",
        "a guest in a process of its own allocates ports, others bind to them");
  }

  @Override
  public void notify(int port) {
    require("notify", port).send();
  }

  @Override
  public int descriptor(int port) {
    return require("poll", port).gate().descriptor();
  }

  @Override
  public boolean consume(int port) {
    return require("consume", port).take();
  }

  @Override
  public void mask(int port) {
    require("mask", port).gate().shut();
  }

  @Override
  public void unmask(int port) {
    require("unmask", port).gate().open();
  }

  /** What is lent is given up whether the host still answers or not. */
  @Override
  public void close(int port) {
    require("close", port);
    ports.getAndSet(port, null).close();
    try {
      door.ask(DoorMessage.request(DoorMessage.CLOSE, port), 0).drop();
    } catch (HypervisorException e) {
      // The host is gone, and the port with it.
    }
  }

  /** Gives all of them up, without a word. */
  @Override
  public void close() {
    for (int port = 0; port < NUMBERS; port++) {
      DoorPort left = ports.getAndSet(port, null);
      if (left != null) {
        left.close();
      }
    }
  }

  private DoorPort require(String operation, int port) {
    DoorPort found = port > 0 && port < NUMBERS ? ports.get(port) : null;
    if (found == null) {
      throw EventChannelException.noPort(operation, owner, port);
    }
    return found;
  }
}
