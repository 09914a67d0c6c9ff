package org.passerelle.netback.testing;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.passerelle.hypervisor.DomainContext;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.embedded.EmbeddedHypervisor;
import org.passerelle.hypervisor.xenstore.XenStore;
import org.passerelle.hypervisor.xenstore.XenStore.Permissions;
import org.passerelle.netback.DataPlane;
import org.passerelle.netback.NetbackDriver;
import org.passerelle.netback.NetfrontDriver;
import org.passerelle.netback.XenbusThread;

/** An embedded host with a toolstack's hands: makes domains and devices as libxl does. */
public final class Host implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  public final EmbeddedHypervisor hypervisor;
  public final DataPlane plane = new DataPlane();
  public final XenbusThread xenbus = new XenbusThread();
  public final XenStore store;

  /** The host's devices by name, and the guests' by {@code domid/number}. */
  public final Map<String, TestDevice> devices = new ConcurrentHashMap<>();

  public Host(Path directory) {
    hypervisor = EmbeddedHypervisor.start(directory);
    store = hypervisor.dom0().store();
  }

  public NetbackDriver backend() {
    return new NetbackDriver(hypervisor.dom0(), this::device, plane, xenbus);
  }

  public NetfrontDriver frontend(DomainContext guest) {
    return new NetfrontDriver(
        guest, 0, (number, mac, mtu) -> device(guest.id().value() + "/" + number), plane, xenbus);
  }

  public TestDevice device(String name) {
    TestDevice device = new TestDevice(new QueuePort(name));
    devices.put(name, device);
    return device;
  }

  public DomainContext domain() {
    return hypervisor.create("guest", 1100);
  }

  public static String backendPath(DomainId guest) {
    return "/local/domain/0/backend/vif/" + guest.value() + "/0";
  }

  public static String frontendPath(DomainId guest) {
    return "/local/domain/" + guest.value() + "/device/vif/0";
  }

  /** Makes device 0 of a guest: both directories in one transaction, with their permissions. */
  public void makeVif(DomainId guest) {
    Map<String, String> backend =
        Map.of(
            "frontend", frontendPath(guest),
            "frontend-id", Integer.toString(guest.value()),
            "online", "1",
            "state", "1",
            "handle", "0",
            "mac", "00:16:3e:00:00:01",
            "script", "/etc/xen/scripts/vif-bridge");
    Map<String, String> frontend =
        Map.of(
            "backend", backendPath(guest),
            "backend-id", "0",
            "state", "1",
            "handle", "0",
            "mac", "00:16:3e:00:00:01",
            "mtu", "1500");
    store.transaction(
        work -> {
          work.mkdir(backendPath(guest));
          work.setPermissions(
              backendPath(guest), new Permissions(List.of("n0", "r" + guest.value())));
          work.mkdir(frontendPath(guest));
          work.setPermissions(
              frontendPath(guest), new Permissions(List.of("n" + guest.value(), "r0")));
          new TreeMap<>(backend).forEach((k, v) -> work.write(backendPath(guest) + "/" + k, v));
          new TreeMap<>(frontend).forEach((k, v) -> work.write(frontendPath(guest) + "/" + k, v));
          return null;
        });
  }

  /** Removes the backend's directory, if there is one. */
  public void removeVif(DomainId guest) {
    if (backend(guest, "state").isPresent()) {
      store.remove(backendPath(guest));
    }
  }

  /** What a hotplug script writes when it is done. */
  public void hotplug(DomainId guest) {
    store.write(backendPath(guest) + "/hotplug-status", "connected");
  }

  public Optional<String> backend(DomainId guest, String node) {
    return store.readIfPresent(backendPath(guest) + "/" + node);
  }

  public Optional<String> frontend(DomainId guest, String node) {
    return store.readIfPresent(frontendPath(guest) + "/" + node);
  }

  public void awaitBackend(DomainId guest, String state) {
    await(
        () -> "backend state " + backend(guest, "state"), () -> is(backend(guest, "state"), state));
  }

  public void awaitFrontend(DomainId guest, String state) {
    await(
        () -> "frontend state " + frontend(guest, "state"),
        () -> is(frontend(guest, "state"), state));
  }

  private static boolean is(Optional<String> value, String expected) {
    return value.filter(expected::equals).isPresent();
  }

  /** Waits until something is so; fails with what is so instead. */
  public static void await(Supplier<String> what, BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("still: " + what.get());
      }
      pause(2);
    }
  }

  public static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Everything posted to both threads so far has been done. */
  public void settle() {
    for (int i = 0; i < 3; i++) {
      pause(20);
    }
  }

  @Override
  public void close() {
    xenbus.close();
    plane.close();
    hypervisor.close();
  }
}
