package org.passerelle.hypervisor.embedded;

import java.nio.file.Path;
import org.passerelle.hypervisor.DomainContext;
import org.passerelle.hypervisor.HypervisorException;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.event.EventChannels;
import org.passerelle.hypervisor.memory.DomainMemory;
import org.passerelle.hypervisor.memory.ForeignGrants;
import org.passerelle.hypervisor.memory.GrantTable;
import org.passerelle.hypervisor.xenstore.XenStore;
import org.passerelle.hypervisor.xenstore.client.XenStoreClient;

/**
 * A domain in a process of its own, as that process sees it: let in at its door, it has its memory
 * mapped, ports of its own and a connection to the store. Drivers run in it as in any domain.
 *
 * <p>When the host is gone ({@link #awaitHostGone}) nothing of it can be used any more but closed;
 * a new one is had by attaching again.
 */
public final class GuestDomain implements DomainContext, AutoCloseable {
  private final DomainId id;
  private final DoorCaller door;
  private final MemoryFile file;
  private final PageAllocator memory;
  private final SharedGrantTable grants;
  private final DoorPorts events;
  private final UnixSocket storeSocket;
  private final XenStore store;

  private GuestDomain(
      DoorCaller door, DomainId id, MemoryMap map, MemoryFile file, UnixSocket storeSocket) {
    this.id = id;
    this.door = door;
    this.file = file;
    this.memory = new PageAllocator(map, file.whole());
    this.grants = new SharedGrantTable(map, file.whole());
    this.events = new DoorPorts(id, door);
    this.storeSocket = storeSocket;
    this.store = new XenStoreClient(new DescriptorTransport(storeSocket));
  }

  /** Enters at a door. Throws {@link HypervisorException} when it is not let in, and why. */
  public static GuestDomain attach(Path door) {
    DoorCaller caller = DoorCaller.connect(door);
    try {
      return enter(door, caller);
    } catch (RuntimeException e) {
      caller.close();
      throw e;
    }
  }

  private static GuestDomain enter(Path door, DoorCaller caller) {
    DoorCaller.Reply reply =
        caller.ask(DoorMessage.request(DoorMessage.HELLO, DoorMessage.VERSION), 2);
    if (reply.isRefusal()) {
      reply.drop();
      throw new HypervisorException(
          "enter at " + door + ": " + reply.error() + " to version " + DoorMessage.VERSION,
          -reply.message().status());
    }
    DoorMessage welcome = reply.message();
    MemoryMap map = new MemoryMap(welcome.word2(), welcome.word3());
    DomainId id = new DomainId(welcome.word1());
    UnixSocket store = UnixSocket.of(reply.descriptors().getLast());
    try {
      MemoryFile file = MemoryFile.of(id, reply.descriptors().getFirst(), map.bytes());
      return new GuestDomain(caller, id, map, file, store);
    } catch (RuntimeException e) {
      store.close();
      throw e;
    }
  }

  @Override
  public DomainId id() {
    return id;
  }

  @Override
  public DomainMemory memory() {
    return memory;
  }

  @Override
  public GrantTable grants() {
    return grants;
  }

  /** Not to be had here: only the hypervisor's own process can check a grant. */
  @Override
  public ForeignGrants foreignGrants() {
    throw new UnsupportedOperationException(
        id + " runs in a process of its own: it can grant, and not use what others grant");
  }

  @Override
  public EventChannels events() {
    return events;
  }

  @Override
  public XenStore store() {
    return store;
  }

  /**
   * Waits until the host is gone, or has shown this guest out at its door or of its store; returns
   * also when this is closed.
   */
  public void awaitHostGone() {
    door.awaitEnd(storeSocket);
  }

  /**
   * Leaves: for the host this domain has crashed. The domain's drivers are to be closed, or
   * abandoned, before.
   */
  @Override
  public void close() {
    Teardown all = new Teardown();
    all.add(file::close);
    all.add(events::close);
    all.add(store::close);
    all.add(door::close);
    all.close();
  }
}
