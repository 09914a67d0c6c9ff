package org.passerelle.toolstack;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.passerelle.hypervisor.device.XenbusState;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.xenstore.StoreOperations;
import org.passerelle.hypervisor.xenstore.XenStore;
import org.passerelle.hypervisor.xenstore.XenStore.Permissions;

/**
 * A vif's nodes in XenStore, with the keys of xend's netif.py and libxl's libxl_nic.c. Both ends in
 * one transaction: a driver that sees one sees all.
 */
final class DeviceNodes {
  private static final String INITIALISING = XenbusState.INITIALISING.text();

  private final XenStore store;

  DeviceNodes(XenStore store) {
    this.store = store;
  }

  void write(VifDevice vif) {
    store.transaction(
        operations -> {
          makeDirectory(operations, vif.backendPath(), DomainId.DOM0, vif.domain());
          makeDirectory(operations, vif.frontendPath(), vif.domain(), DomainId.DOM0);
          backend(vif).forEach((key, value) -> put(operations, vif.backendPath(), key, value));
          frontend(vif).forEach((key, value) -> put(operations, vif.frontendPath(), key, value));
          return null;
        });
  }

  /** The owner may do anything, the other end may read; nodes below inherit that. */
  private static void makeDirectory(
      StoreOperations operations, String path, DomainId owner, DomainId reader) {
    removeIfThere(operations, path);
    operations.mkdir(path);
    operations.setPermissions(
        path, new Permissions(List.of("n" + owner.value(), "r" + reader.value())));
  }

  private static void put(StoreOperations operations, String path, String key, String value) {
    operations.write(path + "/" + key, value);
  }

  private static Map<String, String> backend(VifDevice vif) {
    Map<String, String> nodes = new LinkedHashMap<>();
    nodes.put("frontend", vif.frontendPath());
    nodes.put("frontend-id", Integer.toString(vif.domain().value()));
    nodes.put("domain", vif.domainName());
    nodes.put("handle", Integer.toString(vif.handle()));
    nodes.put("mac", vif.mac().toString());
    nodes.put("type", "vif");
    nodes.put("bridge", vif.bridge());
    nodes.put("script", vif.script());
    vif.ip().ifPresent(value -> nodes.put("ip", value));
    vif.rate().ifPresent(value -> nodes.put("rate", value));
    vif.vifname().ifPresent(value -> nodes.put("vifname", value));
    vif.vlan().ifPresent(value -> nodes.put("vlan", value));
    vif.mtu().ifPresent(value -> nodes.put("mtu", Integer.toString(value)));
    // Empty, not absent: Linux's netback waits for the script only where the node exists.
    nodes.put("hotplug-status", "");
    nodes.put("online", "1");
    nodes.put("state", INITIALISING);
    return nodes;
  }

  private static Map<String, String> frontend(VifDevice vif) {
    Map<String, String> nodes = new LinkedHashMap<>();
    nodes.put("backend", "/local/domain/0/" + vif.backendPath());
    nodes.put("backend-id", "0");
    nodes.put("handle", Integer.toString(vif.handle()));
    nodes.put("mac", vif.mac().toString());
    vif.mtu().ifPresent(value -> nodes.put("mtu", Integer.toString(value)));
    nodes.put("state", INITIALISING);
    return nodes;
  }

  /**
   * Asks the backend to let go of the device for good, as libxl does: one that is Closed already,
   * because its guest broke the protocol, is not asked again and would not answer.
   */
  void askToClose(VifDevice vif) {
    store.transaction(
        operations -> {
          Optional<String> state = operations.readIfPresent(vif.backendPath() + "/state");
          if (state.isPresent()) {
            put(operations, vif.backendPath(), "online", "0");
          }
          if (state.filter(value -> !value.equals(XenbusState.CLOSED.text())).isPresent()) {
            put(operations, vif.backendPath(), "state", XenbusState.CLOSING.text());
          }
          return null;
        });
  }

  void removeFrontend(VifDevice vif) {
    store.transaction(
        operations -> {
          removeIfThere(operations, vif.frontendPath());
          return null;
        });
  }

  void remove(VifDevice vif) {
    store.transaction(
        operations -> {
          removeIfThere(operations, vif.backendPath());
          removeIfThere(operations, vif.frontendPath());
          removeIfEmpty(operations, vif.backendsPath());
          removeWithParents(operations, "error/" + vif.backendPath());
          return null;
        });
  }

  /** A domain's last device takes the directory of all of them along (libxl__xs_path_cleanup). */
  private static void removeIfEmpty(StoreOperations operations, String path) {
    if (operations.readIfPresent(path).isPresent() && operations.list(path).isEmpty()) {
      operations.remove(path);
    }
  }

  /** What the backend said of its failure, and what led to it alone. */
  private static void removeWithParents(StoreOperations operations, String path) {
    removeIfThere(operations, path);
    for (int end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      removeIfEmpty(operations, path.substring(0, end));
    }
  }

  /** Removing what has no parent is an error of the store's. */
  private static void removeIfThere(StoreOperations operations, String path) {
    if (operations.readIfPresent(path).isPresent()) {
      operations.remove(path);
    }
  }
}
