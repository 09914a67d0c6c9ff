package org.passerelle.hypervisor.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.passerelle.hypervisor.DomainContext;
import org.passerelle.hypervisor.Hypervisor;
import org.passerelle.hypervisor.HypervisorException;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.domain.DomainIds;

/**
 * Domains as shared memory, eventfds and a store connection each. The run directory keeps the last
 * domain id that was used ({@code last-domid}), so that ids are never used again there.
 */
public final class EmbeddedHypervisor implements Hypervisor {
  /** dom0 grants little, and memory costs nothing until it is touched. */
  private static final int DOM0_PAGES = 1024;

  private final DomainIds ids;
  private final StoreHost host;
  private final DomainTable domains = new DomainTable();
  private final EventSwitch events = new EventSwitch(domains);
  private final TreeMap<DomainId, Teardown> guests = new TreeMap<>();
  private final Teardown own = new Teardown();
  private final EmbeddedDomain dom0;
  private final DomainDirectory directory;
  private boolean closed;

  private EmbeddedHypervisor(DomainIds ids, StoreHost host) {
    this.ids = ids;
    this.host = host;
    try {
      this.dom0 = build(DomainId.DOM0, DOM0_PAGES, own);
      connect(dom0, own);
      this.directory = new DomainDirectory(dom0.store());
      directory.make(DomainId.DOM0, "Domain-0");
    } catch (RuntimeException e) {
      own.closeAfter(e);
      throw e;
    }
  }

  /**
   * Starts the hypervisor, dom0 and a XenStore in a run directory, which is made when it is absent.
   * Programs reach the store at its {@link #storeSocket}.
   *
   * <p>Throws {@link HypervisorException} when another hypervisor runs in that directory.
   */
  public static EmbeddedHypervisor start(Path runDirectory) {
    StoreHost host = ServedStore.listening(storeSocket(runDirectory));
    try {
      return start(runDirectory, host);
    } catch (RuntimeException e) {
      host.close();
      throw e;
    }
  }

  /**
   * Where {@link #start(Path)} has the store listen: {@code xenstored/socket} in the run directory.
   * XenStore's own clients find it with {@code XENSTORED_RUNDIR=<run directory>/xenstored}.
   */
  public static Path storeSocket(Path runDirectory) {
    return runDirectory.resolve("xenstored").resolve("socket");
  }

  /**
   * Starts the hypervisor and dom0 with a store of the caller's. From then on {@code host} is the
   * hypervisor's, which closes it in the end; when this throws, it is still the caller's.
   *
   * <p>Throws {@link HypervisorException} when another hypervisor runs in that directory.
   */
  public static EmbeddedHypervisor start(Path runDirectory, StoreHost host) {
    DomainIds ids = openIds(runDirectory);
    try {
      return new EmbeddedHypervisor(ids, host);
    } catch (RuntimeException e) {
      closeIds(ids);
      throw e;
    }
  }

  @Override
  public DomainContext dom0() {
    return dom0;
  }

  @Override
  public synchronized DomainContext create(String name, int memoryPages) {
    if (closed) {
      throw new IllegalStateException("create domain " + name + ": the hypervisor is closed");
    }
    MemoryMap.of(memoryPages);
    DomainId id = nextId(name);
    Teardown teardown = new Teardown();
    try {
      EmbeddedDomain domain = start(id, name, memoryPages, teardown);
      guests.put(id, teardown);
      return domain;
    } catch (RuntimeException e) {
      teardown.closeAfter(e);
      throw e;
    }
  }

  /**
   * Has a domain run in another process: whoever connects to {@code socket}, of mode 0600, and says
   * hello is its guest, once; the package's documentation has the protocol. From here on the
   * domain's context in this process is for looking only.
   *
   * <p>When that process ends, or breaks the protocol, the domain has crashed: its ports are
   * closed, and {@code whenLeft} is told why, on a thread that serves this door alone. It hands
   * over; to destroy the domain is the toolstack's business.
   *
   * <p>Throws {@link IllegalArgumentException} for a domain that there is not.
   */
  public synchronized void openDoor(DomainId id, Path socket, Consumer<String> whenLeft) {
    Teardown teardown = guests.get(id);
    if (teardown == null) {
      throw new IllegalArgumentException("open a door of " + id + ": there is no such guest");
    }
    Door door = Door.open(domains.find(id), socket, () -> host.lend(id), whenLeft);
    teardown.add(door::close);
  }

  @Override
  public synchronized void destroy(DomainId id) {
    Teardown teardown = guests.remove(id);
    if (teardown == null) {
      throw new IllegalArgumentException("destroy " + id + ": there is no such guest");
    }
    teardown.close();
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    Teardown all = new Teardown();
    all.add(() -> closeIds(ids));
    all.add(host::close);
    all.add(own::close);
    guests.values().forEach(guest -> all.add(guest::close));
    guests.clear();
    all.close();
  }

  private EmbeddedDomain start(DomainId id, String name, int pages, Teardown teardown) {
    EmbeddedDomain domain = build(id, pages, teardown);
    directory.make(id, name);
    teardown.add(() -> directory.remove(id));
    host.introduce(id);
    teardown.add(() -> host.release(id));
    connect(domain, teardown);
    return domain;
  }

  private EmbeddedDomain build(DomainId id, int pages, Teardown teardown) {
    EmbeddedDomain domain = new EmbeddedDomain(id, pages, domains, events);
    teardown.add(domain::free);
    domains.add(domain);
    teardown.add(() -> domains.remove(domain));
    return domain;
  }

  private void connect(EmbeddedDomain domain, Teardown teardown) {
    domain.connect(host);
    teardown.add(domain.store()::close);
  }

  private DomainId nextId(String name) {
    try {
      return ids.next();
    } catch (IOException e) {
      throw new HypervisorException("create domain " + name + ": " + e.getMessage(), e);
    }
  }

  private static DomainIds openIds(Path runDirectory) {
    try {
      Files.createDirectories(runDirectory);
      return DomainIds.open(runDirectory.resolve("last-domid"));
    } catch (IOException e) {
      throw new HypervisorException("start a hypervisor in " + runDirectory + ": " + e, e);
    }
  }

  private static void closeIds(DomainIds ids) {
    try {
      ids.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
