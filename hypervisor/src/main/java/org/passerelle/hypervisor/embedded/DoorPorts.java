package org.passerelle.hypervisor.embedded;

import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.passerelle.hypervisor.HypervisorException;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.event.EventChannelException;

/** A domain's ports in its own process: allocated and closed at the door, used without asking. */
final class DoorPorts extends OwnPorts<DoorPort> implements AutoCloseable {
  /** A guest's port numbers are below this. */
  private static final int NUMBERS = 1024;

  private final DoorCaller door;
  private final AtomicReferenceArray<DoorPort> ports = new AtomicReferenceArray<>(NUMBERS);

  DoorPorts(DomainId owner, DoorCaller door) {
    super(owner);
    this.door = door;
  }

  /** One at a time: whether a number is free is seen before it is taken. */
  @Override
  public synchronized int allocateUnbound(DomainId remote) {
    DoorMessage request = DoorMessage.request(DoorMessage.ALLOCATE_UNBOUND, remote.value());
    DoorCaller.Reply reply = door.ask(request, 2);
    if (reply.isRefusal()) {
      reply.drop();
      throw new EventChannelException(
          "allocate a port of " + owner() + " for " + remote, reply.error(), "the host refuses");
    }
    int number = reply.message().word0();
    if (!isNumber(number) || ports.get(number) != null) {
      reply.drop();
      throw new HypervisorException("the door: the host answered nonsense: port " + number, 0);
    }
    ports.set(number, open(number, reply.descriptors()));
    return number;
  }

  private DoorPort open(int number, List<Integer> lent) {
    try {
      return new DoorPort(owner() + " port " + number, lent.getFirst(), lent.getLast());
    } catch (RuntimeException e) {
      giveUp(number);
      throw e;
    }
  }

  @Override
  public int bindInterdomain(DomainId remote, int remotePort) {
    throw new EventChannelException(
        "bind " + owner() + " to " + remote + " port " + remotePort,
        "ENOSYS",
        "a guest in a process of its own allocates ports, others bind to them");
  }

  /** What is lent is given up whether the host still answers or not. */
  @Override
  public void close(int port) {
    require("close", port);
    ports.getAndSet(port, null).close();
    giveUp(port);
  }

  private void giveUp(int port) {
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

  @Override
  DoorPort find(int port) {
    return isNumber(port) ? ports.get(port) : null;
  }

  private static boolean isNumber(int port) {
    return port > 0 && port < NUMBERS;
  }
}
