package org.passerelle.netback;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.passerelle.hypervisor.DomainContext;
import org.passerelle.hypervisor.device.XenbusState;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.xenstore.StoreException;
import org.passerelle.hypervisor.xenstore.XenStore;
import org.passerelle.hypervisor.xenstore.XenStore.Watch;

/**
 * The host's driver: watches {@code backend/vif} and serves every device that a toolstack makes
 * there, {@code backend/vif/<domid>/<handle>}. Devices that a dead backend has left behind are
 * taken over when the driver starts.
 */
public final class NetbackDriver implements AutoCloseable {
  private static final String ROOT = "backend/vif";
  private static final Pattern DEVICE = Pattern.compile(ROOT + "/([0-9]{1,5})/([0-9]{1,5})(/.*)?");

  private final BackendDevice.Host host;
  private final XenStore store;
  private final Map<VifKey, BackendDevice> devices = new TreeMap<>();
  private final Watch watch;
  private boolean started;

  /**
   * Starts to serve.
   *
   * @param host dom0, or the driver domain that this process runs in
   */
  public NetbackDriver(DomainContext host, VifPorts ports, DataPlane plane, XenbusThread xenbus) {
    this.host = new BackendDevice.Host(host, ports, plane, xenbus);
    this.store = host.store();
    Consumer<String> changed = xenbus.onceInLine(this::changed);
    this.watch = store.watch(ROOT, "netback", event -> changed.accept(deviceOf(event.path())));
  }

  /** The device's directory that a path is in; {@link #ROOT} when it is in none. */
  private static String deviceOf(String path) {
    Matcher matcher = DEVICE.matcher(path);
    return matcher.matches() ? ROOT + "/" + matcher.group(1) + "/" + matcher.group(2) : ROOT;
  }

  /** Something has changed in a device's directory or, with {@link #ROOT}, anywhere. */
  private void changed(String path) {
    Matcher matcher = DEVICE.matcher(path);
    if (matcher.matches()) {
      look(matcher.group(1), matcher.group(2));
    } else {
      List.copyOf(devices.keySet()).forEach(this::look);
      scan();
    }
    started = true;
  }

  private void scan() {
    for (String domain : children(ROOT)) {
      for (String device : children(ROOT + "/" + domain)) {
        look(domain, device);
      }
    }
  }

  private List<String> children(String path) {
    try {
      return store.list(path);
    } catch (StoreException e) {
      return List.of(); // nobody has made it yet, or it is gone by now
    }
  }

  private void look(String domain, String device) {
    if (DEVICE.matcher(ROOT + "/" + domain + "/" + device).matches()
        && Integer.parseInt(domain) < DomainId.FIRST_RESERVED) {
      look(new VifKey(new DomainId(Integer.parseInt(domain)), Integer.parseInt(device)));
    }
  }

  private void look(VifKey vif) {
    XenbusNode node = new XenbusNode(store, ROOT + "/" + vif.guest().value() + "/" + vif.device());
    XenbusState state = node.state();
    BackendDevice known = devices.get(vif);
    // One that we know has left Initialising: this is another device in its place.
    boolean replaced = state == XenbusState.INITIALISING;
    if (known != null && (replaced || state == XenbusState.UNKNOWN)) {
      known.vanished();
    } else if (known != null) {
      known.toolstackChanged();
    }
    if (!devices.containsKey(vif) && state != XenbusState.UNKNOWN) {
      node.read("frontend").ifPresent(frontend -> meet(vif, node, frontend, state));
    }
  }

  /** New devices are Initialising; one in another state is ours to take over only at the start. */
  private void meet(VifKey vif, XenbusNode node, String frontend, XenbusState state) {
    boolean isNew = state == XenbusState.INITIALISING;
    boolean isLeft = !started && node.nodes().flag("online");
    if (!isNew && !isLeft) {
      return;
    }
    BackendDevice device =
        new BackendDevice(host, vif, node, frontend, state, () -> devices.remove(vif));
    devices.put(vif, device);
    if (isNew) {
      device.probe();
    } else {
      device.adopt();
    }
  }

  /** The devices that are served now. */
  public List<VifStatus> status() {
    return host.xenbus().call(() -> devices.values().stream().map(BackendDevice::status).toList());
  }

  /** One of them, empty when there is none of that name. */
  public Optional<VifStatus> status(VifKey vif) {
    return status().stream().filter(one -> one.vif().equals(vif)).findAny();
  }

  /**
   * Closes a device and serves it again, also one that was closed because its guest broke the
   * protocol. Returns at once: the frontend has its part to do.
   *
   * @throws IllegalArgumentException when there is no such device
   */
  public void restart(VifKey vif) {
    host.xenbus()
        .run(
            () -> {
              BackendDevice device = devices.get(vif);
              if (device == null) {
                throw new IllegalArgumentException(
                    "restart " + vif + ": no such device among " + devices.keySet());
              }
              device.restart();
            });
  }

  /** Closes all devices, telling their frontends, and frees everything. */
  @Override
  public void close() {
    watch.close();
    host.xenbus()
        .run(
            () -> {
              new ArrayList<>(devices.values()).forEach(BackendDevice::shutDown);
              devices.clear();
            });
  }
}
