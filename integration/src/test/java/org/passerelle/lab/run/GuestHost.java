package org.passerelle.lab.run;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.embedded.EmbeddedHypervisor;
import org.passerelle.hypervisor.xenstore.XenStore;
import org.passerelle.lab.run.Places.Place;
import org.passerelle.link.os.Namespace;
import org.passerelle.link.os.NetlinkKernel;
import org.passerelle.link.rtnl.Address;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.link.wire.IpPrefix;
import org.passerelle.link.wire.MacAddress;
import org.passerelle.netback.DataPlane;
import org.passerelle.netback.XenbusThread;
import org.passerelle.toolstack.Toolstack;
import org.passerelle.toolstack.VifDevice;

/**
 * A host for guests in processes of their own: hypervisor, netback, toolstack, and a namespace in
 * which each vif gets the host's address instead of a bridge.
 */
final class GuestHost implements AutoCloseable {
  static final String ADDRESS = "10.9.0.1";
  static final String GUEST_ADDRESS = "10.9.0.2";
  private static final String PREFIX = "/24";

  final EmbeddedHypervisor hypervisor;
  final Toolstack toolstack;

  /** Used by the thread that attaches and, when that has ended, by the test's. */
  final NetlinkKernel kernel;

  private final Path directory;
  private final DataPlane plane = new DataPlane();
  private final XenbusThread xenbus = new XenbusThread();
  private final Teardown teardown = new Teardown();
  private final Backends backends;

  GuestHost(Path directory, Namespace namespace) {
    this.directory = directory;
    kernel = namespace.kernel();
    hypervisor = EmbeddedHypervisor.start(directory);
    backends =
        new Backends(
            hypervisor.dom0(),
            new Place(namespace, kernel, namespace::kernel),
            LinkMaker.choose(teardown),
            plane,
            xenbus);
    toolstack = new Toolstack(store(), this::hotplug);
  }

  XenStore store() {
    return hypervisor.dom0().store();
  }

  Path door(String name) {
    return directory.resolve("door").resolve(name);
  }

  /** Makes a domain and opens its door; {@code left} is told when its guest is gone. */
  VifDevice create(String name, CompletableFuture<String> left) {
    DomainId id = hypervisor.create(name, Guest.pages(1)).id();
    hypervisor.openDoor(id, door(name), left::complete);
    return new VifDevice(
        id,
        name,
        0,
        MacAddress.parse("00:16:3e:00:00:01"),
        "none",
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        OptionalInt.of(9000),
        "address",
        List.of());
  }

  /** The hotplug script: the host's own address on the vif. */
  private int hotplug(String script, List<String> arguments, Map<String, String> environment) {
    if (!arguments.getFirst().equals("online")) {
      return 0;
    }
    try {
      String vif = environment.get("vif");
      kernel.change(vif, LinkChange.builder().up(true).mtu(9000).build());
      kernel.add(Address.of(vif, IpPrefix.parse(ADDRESS + PREFIX)));
      store().write(environment.get("XENBUS_PATH") + "/hotplug-status", "connected");
      return 0;
    } catch (KernelException e) {
      return 1; // the vif went with its guest
    }
  }

  /** What a guest's administrator sets. */
  static void configureGuest(NetlinkKernel kernel) {
    kernel.change("eth0", LinkChange.builder().up(true).build());
    kernel.add(Address.of("eth0", IpPrefix.parse(GUEST_ADDRESS + PREFIX)));
  }

  Optional<String> backend(VifDevice vif, String node) {
    return store().readIfPresent(vif.backendPath() + "/" + node);
  }

  @Override
  public void close() {
    backends.close();
    xenbus.close();
    plane.close();
    hypervisor.close();
    kernel.close();
    teardown.run();
  }
}
