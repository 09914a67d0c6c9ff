package org.passerelle.netback;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import org.passerelle.hypervisor.DomainContext;
import org.passerelle.hypervisor.xenstore.StoreException;

/**
 * All vifs of a guest: a driver for each device below {@code device/vif}, for as long as the
 * toolstack has it there. What Linux's xenbus does for its drivers.
 */
public final class NetfrontBus {
  private static final Logger LOG = System.getLogger(NetfrontBus.class.getName());
  private static final String DIRECTORY = "device/vif";

  private final DomainContext domain;
  private final GuestPorts ports;
  private final DataPlane plane;
  private final XenbusThread xenbus;
  private final Map<Integer, NetfrontDriver> drivers = new TreeMap<>();
  private final Semaphore changes = new Semaphore(0);
  private volatile boolean hostGone;

  public NetfrontBus(DomainContext domain, GuestPorts ports, DataPlane plane, XenbusThread xenbus) {
    this.domain = domain;
    this.ports = ports;
    this.plane = plane;
    this.xenbus = xenbus;
  }

  /**
   * Serves the guest's devices until {@link #hostGone}; then frees them. Throws {@link
   * StoreException} where there is no store from the start.
   */
  public void serve() throws InterruptedException {
    domain.store().watch(DIRECTORY, "netfront-bus", event -> changes.release());
    try {
      while (!hostGone) {
        changes.acquire();
        changes.drainPermits();
        look();
      }
    } finally {
      drivers.values().forEach(NetfrontBus::abandon);
    }
  }

  /** One that fails must not keep the others' links. */
  private static void abandon(NetfrontDriver driver) {
    try {
      driver.abandon();
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "a vif of a host that is gone stays half open", e);
    }
  }

  /** The host is no more. From any thread. */
  public void hostGone() {
    hostGone = true;
    changes.release();
  }

  private void look() {
    try {
      Set<Integer> there = devices();
      Set<Integer> gone = new TreeSet<>(drivers.keySet());
      gone.removeAll(there);
      gone.forEach(device -> drivers.remove(device).close());
      there.forEach(device -> drivers.computeIfAbsent(device, this::driver));
    } catch (StoreException e) {
      LOG.log(Level.DEBUG, "{0}: the devices are not looked at: {1}", domain.id(), e.getMessage());
    }
  }

  private NetfrontDriver driver(int device) {
    return new NetfrontDriver(domain, device, ports, plane, xenbus);
  }

  /** Their numbers; what is not a number is no device of ours. */
  private Set<Integer> devices() {
    Set<Integer> numbers = new TreeSet<>();
    for (String name : names()) {
      if (name.matches("\\d{1,4}")) {
        numbers.add(Integer.valueOf(name));
      }
    }
    return numbers;
  }

  private Iterable<String> names() {
    try {
      return domain.store().list(DIRECTORY);
    } catch (StoreException e) {
      if (e.error().equals("ENOENT")) {
        return Set.of();
      }
      throw e;
    }
  }
}
