package org.passerelle.netback;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.passerelle.hypervisor.device.XenbusState;
import org.passerelle.hypervisor.xenstore.StoreException;
import org.passerelle.hypervisor.xenstore.StoreOperations;
import org.passerelle.hypervisor.xenstore.XenStore;
import org.passerelle.netback.protocol.PeerNodes;

/**
 * One end's directory in the store, relative to its domain's own: {@code backend/vif/1/0} or {@code
 * device/vif/0}.
 */
record XenbusNode(XenStore store, String path) {
  private static final Logger LOG = System.getLogger(XenbusNode.class.getName());
  private static final String STATE = "/state";

  /** EINVAL, which is what Linux's drivers report of a peer's nonsense. */
  private static final int EINVAL = 22;

  Optional<String> read(String name) {
    return store.readIfPresent(path + "/" + name);
  }

  /** The directory's nodes, to be read with suspicion. */
  PeerNodes nodes() {
    return new PeerNodes(this::read);
  }

  XenbusState state() {
    return XenbusState.parse(readSafely("state"));
  }

  /** As {@link #read}; what may not be read is as if it were not there. */
  Optional<String> readSafely(String name) {
    try {
      return read(name);
    } catch (StoreException e) {
      LOG.log(Level.DEBUG, "taken as absent: {0}", e.getMessage());
      return Optional.empty();
    }
  }

  /**
   * Writes the state, unless the toolstack has removed the directory: writing would make it again
   * ({@code __xenbus_switch_state}).
   */
  void state(XenbusState state) {
    try {
      store.transaction(work -> stateIfPresent(work, state));
    } catch (StoreException e) {
      LOG.log(Level.WARNING, "state {0} is not in the store: {1}", state, e.getMessage());
    }
  }

  private boolean stateIfPresent(StoreOperations work, XenbusState state) {
    boolean present = work.readIfPresent(path + STATE).isPresent();
    if (present) {
      work.write(path + STATE, state.text());
    }
    return present;
  }

  /** A writer of this directory's nodes, as a part of {@code work}. */
  BiConsumer<String, String> writer(StoreOperations work) {
    return (name, value) -> work.write(path + "/" + name, value);
  }

  /** Says why this end gave up, where {@code xenbus_dev_fatal} says it. */
  void error(String message) {
    try {
      store.write(errorPath() + "/error", EINVAL + " " + message);
    } catch (StoreException e) {
      LOG.log(Level.WARNING, "the reason is not in the store: {0}", e.getMessage());
    }
  }

  void clearError() {
    if (store.readIfPresent(errorPath() + "/error").isPresent()) {
      store.remove(errorPath());
    }
  }

  /** Removes a node of ours, unless the toolstack was faster and has removed the directory. */
  void remove(String name) {
    try {
      store.transaction(work -> removeIfPresent(work, path + "/" + name));
    } catch (StoreException e) {
      if (!e.error().equals("ENOENT")) {
        throw e;
      }
    }
  }

  private static boolean removeIfPresent(StoreOperations work, String node) {
    boolean present = work.readIfPresent(node).isPresent();
    if (present) {
      work.remove(node);
    }
    return present;
  }

  private String errorPath() {
    return "error/" + path;
  }
}
