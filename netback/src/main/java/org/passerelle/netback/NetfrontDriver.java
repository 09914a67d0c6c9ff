package org.passerelle.netback;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.passerelle.hypervisor.DomainContext;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.xenstore.XenStore.Watch;
import org.passerelle.link.wire.MacAddress;
import org.passerelle.netback.protocol.PeerNodes;

/**
 * A guest's driver for one of its vifs, {@code device/vif/<number>}. It waits for the toolstack to
 * write the device's nodes, makes the guest's interface, and connects.
 */
public final class NetfrontDriver implements AutoCloseable {
  /** Pages of the guest's memory that a connected vif takes up. */
  public static final int PAGES = Netfront.PAGES;

  /** How long one that is closed waits for its backend, at most. */
  public static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final Logger LOG = System.getLogger(NetfrontDriver.class.getName());

  /**
   * Linux accepts no more of a vif with scatter-gather: {@code XEN_NETIF_MAX_TX_SIZE} less a
   * header.
   */
  private static final long MOST_MTU = 65535 - 14;

  private final DomainContext domain;
  private final VifKey vif;
  private final GuestPorts ports;
  private final DataPlane plane;
  private final XenbusThread xenbus;
  private final XenbusNode node;
  private final Watch watch;
  private Optional<FrontendDevice> device = Optional.empty();
  private boolean refused;
  private boolean closed;

  /**
   * Starts.
   *
   * @param device the number under {@code device/vif}
   */
  public NetfrontDriver(
      DomainContext domain, int device, GuestPorts ports, DataPlane plane, XenbusThread xenbus) {
    this.domain = domain;
    this.vif = new VifKey(domain.id(), device);
    this.ports = ports;
    this.plane = plane;
    this.xenbus = xenbus;
    this.node = new XenbusNode(domain.store(), "device/vif/" + device);
    Runnable changed = xenbus.onceInLine(this::look);
    this.watch = domain.store().watch(node.path(), "netfront", event -> changed.run());
  }

  /** Begins as soon as the toolstack has written what it takes. */
  private void look() {
    if (device.isPresent() || refused || closed) {
      return;
    }
    PeerNodes nodes = node.nodes();
    Optional<String> backend = node.readSafely("backend");
    OptionalLong backendId = nodes.number("backend-id", DomainId.FIRST_RESERVED - 1);
    Optional<String> mac = node.readSafely("mac");
    if (backend.isPresent() && backendId.isPresent() && mac.isPresent()) {
      begin(backend.get(), new DomainId((int) backendId.getAsLong()), mac.get());
    }
  }

  private void begin(String backend, DomainId backendId, String mac) {
    try {
      NetDevice made = ports.open(vif.device(), MacAddress.parse(mac), mtu());
      BusyPages busy = new BusyPages(domain.memory(), domain.grants());
      FrontendDevice.Guest guest = new FrontendDevice.Guest(domain, vif, made, plane, xenbus, busy);
      FrontendDevice begun = new FrontendDevice(guest, node, backend, backendId, node.state());
      device = Optional.of(begun);
      begun.begin();
    } catch (RuntimeException e) {
      refused = true;
      String reason = "cannot make device " + vif.device() + ": " + e.getMessage();
      LOG.log(Level.WARNING, "{0}: {1}", domain.id(), reason);
      node.error(reason);
    }
  }

  private OptionalInt mtu() {
    OptionalLong mtu = node.nodes().number("mtu", MOST_MTU);
    return mtu.isPresent() ? OptionalInt.of((int) mtu.getAsLong()) : OptionalInt.empty();
  }

  /** How the device is; empty as long as the toolstack has not written it, or it cannot be made. */
  public Optional<VifStatus> status() {
    return xenbus.call(() -> device.map(FrontendDevice::status));
  }

  /**
   * Takes leave of the backend and frees everything; waits for the backend to let go, some seconds
   * at most.
   */
  @Override
  public void close() {
    watch.close();
    Optional<FrontendDevice> leaving =
        xenbus.call(
            () -> {
              closed = true;
              device.ifPresent(FrontendDevice::leave);
              return device;
            });
    leaving.ifPresent(this::awaitClosed);
  }

  /** Frees everything and takes leave of nobody: the host is gone, and its store with it. */
  public void abandon() {
    Optional<FrontendDevice> left =
        xenbus.call(
            () -> {
              closed = true;
              device.ifPresent(FrontendDevice::abandon);
              return device;
            });
    left.ifPresent(each -> each.device().close());
  }

  private void awaitClosed(FrontendDevice leaving) {
    try (NetDevice made = leaving.device()) {
      if (!leaving.closed().await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        LOG.log(
            Level.WARNING,
            "{0}: not closed within {1} s",
            made.port().name(),
            PATIENCE.toSeconds());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
