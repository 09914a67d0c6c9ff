package org.passerelle.scripts;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import org.passerelle.hypervisor.xenstore.StoreException;
import org.passerelle.hypervisor.xenstore.StoreOperations;
import org.passerelle.hypervisor.xenstore.XenStore;
import org.passerelle.link.list.Words;
import org.passerelle.link.plan.Announcement;
import org.passerelle.link.wire.MacAddress;

/**
 * A vif's nodes in XenStore and the protocol by which a script tells the toolstack how it ended:
 * {@code hotplug-status}, and {@code hotplug-error} before it when that is {@code error}. In a dry
 * run it prints what it would write. Connects when first asked.
 */
final class BackendStore {
  private static final String STATUS = "hotplug-status";
  private static final String ERROR = "hotplug-error";
  private static final String CONNECTED = "connected";

  private final ScriptContext context;
  private final VifCall call;
  private final boolean dryRun;
  private boolean missed;

  BackendStore(ScriptContext context, VifCall call, boolean dryRun) {
    this.context = context;
    this.call = call;
    this.dryRun = dryRun;
  }

  private XenStore store() {
    return context.store().get();
  }

  /** This store, or empty, and said so once, when it cannot be reached. */
  Optional<BackendStore> tolerant() {
    try {
      store();
      return Optional.of(this);
    } catch (StoreException e) {
      if (!missed) {
        context.log().log(ScriptLog.Level.WARNING, e.getMessage() + "; going on without");
        missed = true;
      }
      return Optional.empty();
    }
  }

  /** A node of the backend's directory; empty when it is absent, or is empty. */
  Optional<String> read(String name) {
    return store().readIfPresent(call.backend().node(name)).filter(value -> !value.isEmpty());
  }

  /** A number that must be there. */
  int number(String name) {
    String text = read(name).orElse("");
    if (!Words.isNumber(text, 5)) {
      throw new ScriptException(
          call.backend().node(name)
              + (text.isEmpty() ? " is not there" : ": " + text + " is no number"));
    }
    return Integer.parseInt(text);
  }

  /**
   * The guest's MAC, which must be there, and one that a host can have: of a group's, or none, the
   * guest's own kernel would refuse to set its vif up (eth_validate_addr of linux/etherdevice.h).
   *
   * @param why who needs it
   */
  MacAddress mac(String why) {
    String text = read("mac").orElse("");
    try {
      return ofHost(MacAddress.parse(text));
    } catch (IllegalArgumentException e) {
      throw new ScriptException(
          why
              + ": "
              + call.backend().node("mac")
              + (text.isEmpty() ? " is not there" : ": " + e.getMessage()),
          e);
    }
  }

  private static MacAddress ofHost(MacAddress mac) {
    // Not by equals: a record's makes classes when it is first asked, for which no archive helps.
    if (mac.isMulticast() || mac.bits() == MacAddress.ZERO.bits()) {
      throw new IllegalArgumentException(
          mac
              + (mac.isMulticast() ? " is a group's address (its first octet is odd)" : " is none")
              + ", and no guest can have it; the toolstack's are 00:16:3e:xx:xx:xx");
    }
    return mac;
  }

  /** What a domain is called, by its own directory or the toolstack's; empty when by neither. */
  String domainName(int domain) {
    String own = "/local/domain/" + domain;
    return store()
        .readIfPresent(own + "/name")
        .or(() -> store().readIfPresent(own + "/vm").flatMap(this::nameOfMachine))
        .orElse("");
  }

  private Optional<String> nameOfMachine(String path) {
    return path.matches("/vm/[A-Za-z0-9-]+")
        ? store().readIfPresent(path + "/name")
        : Optional.empty();
  }

  /** libxl runs the scripts itself, and udev's rules are still there (Xen 4.2 to 4.5). */
  boolean isUdevDisabled() {
    return store().readIfPresent("libxl/disable_udev").isPresent();
  }

  private void write(StoreOperations to, String path, String value) {
    if (dryRun) {
      context.out().println("xenstore-write " + path + " '" + value + "'");
    } else {
      to.write(path, value);
    }
  }

  /** As xenstore-write does with several: in one transaction, so that nobody sees half of them. */
  private void atOneStroke(Consumer<StoreOperations> writes) {
    if (dryRun) {
      writes.accept(store());
    } else {
      store()
          .transaction(
              inside -> {
                writes.accept(inside);
                return null;
              });
    }
  }

  /** That the vif is attached, to guest and toolstack. */
  Announcement connected(int mtu) {
    return connected(store -> tellMtu(store, mtu));
  }

  /** The same for a guest that keeps its MTU. */
  Announcement connected() {
    return connected(store -> {});
  }

  private Announcement connected(Consumer<StoreOperations> before) {
    return new Announcement(
        call.backend().node(STATUS),
        () -> {
          try {
            atOneStroke(
                store -> {
                  before.accept(store);
                  forgetError(store);
                  write(store, call.backend().node(STATUS), CONNECTED);
                });
          } catch (StoreException e) {
            requireHeard(e);
          }
        });
  }

  /** What was wrong before is not: libxl and people would read it beside the next failure. */
  private void forgetError(StoreOperations from) {
    String path = call.backend().node(ERROR);
    if (from.readIfPresent(path).isEmpty()) {
      return;
    }
    if (dryRun) {
      context.out().println("xenstore-rm " + path);
    } else {
      from.remove(path);
    }
  }

  /** An answer that was lost may have been a yes; then undoing would belie what the guest sees. */
  private void requireHeard(StoreException refusal) {
    boolean lost = refusal.getCause() instanceof IOException;
    if (!lost || !isConnected(store(), call.backend().node(STATUS))) {
      throw refusal;
    }
  }

  /** Whether a node is a vif's hotplug-status and says that it is attached. */
  static boolean isConnected(XenStore store, String node) {
    return store.readIfPresent(node).filter(CONNECTED::equals).isPresent();
  }

  /** In a driver domain the guest's directory is not ours to write: no reason to fail. */
  private void tellMtu(StoreOperations to, int mtu) {
    try {
      write(to, call.backend().frontend() + "/mtu", Integer.toString(mtu));
    } catch (StoreException e) {
      context.log().log(
          ScriptLog.Level.WARNING, "the guest is not told its MTU: " + e.getMessage());
    }
  }

  /**
   * The toolstack shows the text, and need not wait for its time limit. Who writes into a directory
   * that is not there makes it, and a toolstack would take it for a vif's.
   */
  void fatal(String message) {
    context.log().log(ScriptLog.Level.ERR, message);
    try {
      if (store().readIfPresent(call.backend().path()).isEmpty()) {
        untold("there is no " + call.backend().path() + " in XenStore; see XENBUS_PATH");
        return;
      }
      atOneStroke(
          store -> {
            write(store, call.backend().node(ERROR), message);
            write(store, call.backend().node(STATUS), "error");
          });
    } catch (StoreException e) {
      untold(message.contains(e.getMessage()) ? "for the same reason" : e.getMessage());
    }
  }

  private void untold(String why) {
    context.log().log(ScriptLog.Level.ERR, "the toolstack is not told: " + why);
  }
}
