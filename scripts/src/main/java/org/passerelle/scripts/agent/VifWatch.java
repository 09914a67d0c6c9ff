package org.passerelle.scripts.agent;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.passerelle.hypervisor.xenstore.StoreException;
import org.passerelle.hypervisor.xenstore.StoreOperations;
import org.passerelle.hypervisor.xenstore.XenStore;
import org.passerelle.link.os.NetlinkKernel;
import org.passerelle.scripts.ScriptCall;
import org.passerelle.scripts.ScriptName;

/**
 * Runs the scripts of vifs whose toolstack does not: in udev's place. A backend that begins goes
 * online once its link is there; one that ends, or is gone, goes offline. Everything here happens
 * on the scripts' thread.
 */
final class VifWatch {
  private static final String BACKENDS = "backend/vif";

  /** What is read of a vif's directory; a toolstack writes a dozen other nodes there. */
  private static final Set<String> READ = Set.of("", "/state", "/hotplug-status", "/script");

  private static final Pattern BACKEND = Pattern.compile(BACKENDS + "/(\\d{1,5})/(\\d{1,5})(/.*)?");

  /** libxl runs the scripts itself, and says so here (libxl__device_disable_udev). */
  private static final String TOOLSTACK_DOES = "libxl/disable_udev";

  /** XenbusStateInitialising to XenbusStateConnected (xen/include/public/io/xenbus.h). */
  private static final Set<String> LIVES = Set.of("1", "2", "3", "4");

  private static final int LINK_TRIES = 100;
  private static final long LINK_PAUSE_MS = 50;

  private final Supplier<XenStore> watching;
  private final Supplier<XenStore> store;
  private final ScriptThread scripts;
  private final Consumer<String> log;
  private final Map<String, String> environment;

  /** Backends that are online, and each one's script, which its directory may take along. */
  private final Map<String, String> attached = new HashMap<>();

  private XenStore watched;
  private boolean failed;

  /**
   * @param watching the connection that tells what changes
   * @param store the one to ask
   * @param environment of the scripts, beside what is said of a vif
   */
  VifWatch(
      Supplier<XenStore> watching,
      Supplier<XenStore> store,
      ScriptThread scripts,
      Map<String, String> environment,
      Consumer<String> log) {
    this.watching = watching;
    this.store = store;
    this.scripts = scripts;
    this.environment = environment;
    this.log = log;
  }

  /** To be called now and then: watches, and again after XenStore was away. */
  void keep() {
    try {
      XenStore now = watching.get();
      if (now != watched) {
        // The first event, at once, is the directory itself: then all vifs are looked at.
        now.watch(BACKENDS, "agent", event -> scripts.execute(0, () -> changed(event.path())));
        watched = now;
        failed = false;
      }
    } catch (StoreException e) {
      if (!failed) {
        log.accept("no vif is watched for: " + e.getMessage() + "; tried again every second");
        failed = true;
      }
    }
  }

  private void changed(String path) {
    Matcher backend = BACKEND.matcher(path);
    if (backend.matches()) {
      if (READ.contains(Objects.requireNonNullElse(backend.group(3), ""))) {
        look(backend.group(1), backend.group(2), LINK_TRIES);
      }
      return;
    }
    if (path.equals(BACKENDS)) {
      for (String domain : children(BACKENDS)) {
        children(BACKENDS + "/" + domain).forEach(device -> look(domain, device, LINK_TRIES));
      }
    }
    // A directory that is gone takes the vifs below along.
    List.copyOf(attached.keySet()).forEach(this::lookAgain);
  }

  private void lookAgain(String path) {
    Matcher backend = BACKEND.matcher(path);
    if (backend.matches()) {
      look(backend.group(1), backend.group(2), LINK_TRIES);
    }
  }

  private List<String> children(String path) {
    return store.get().readIfPresent(path).isPresent() ? store.get().list(path) : List.of();
  }

  /** What its directory says, all at one time. */
  private record Backend(boolean lives, boolean isServed, String script) {
    static Backend read(StoreOperations store, String path) {
      return new Backend(
          store.readIfPresent(path + "/state").filter(LIVES::contains).isPresent(),
          store.readIfPresent(path + "/hotplug-status").isPresent(),
          store.readIfPresent(path + "/script").orElseGet(ScriptName.VIF_BRIDGE::toString));
    }
  }

  private void look(String domain, String device, int tries) {
    String path = BACKENDS + "/" + domain + "/" + device;
    if (store.get().readIfPresent(TOOLSTACK_DOES).isPresent()) {
      attached.remove(path);
      return;
    }
    String vif = "vif" + domain + "." + device;
    Backend now = store.get().transaction(inside -> Backend.read(inside, path));
    boolean known = attached.containsKey(path);
    // One that was removed and made anew before we looked is known, and not served yet.
    boolean settled = now.lives() && known && (now.isServed() || !isOurs(now.script()));
    if (settled || !now.lives() && !known) {
      return;
    }
    if (!now.lives()) {
      run(attached.remove(path), "offline", path, vif);
    } else if (now.isServed()) {
      attached.put(path, now.script());
    } else if (isThere(vif)) {
      attached.put(path, now.script());
      run(now.script(), "online", path, vif);
    } else if (tries > 0) {
      scripts.execute(LINK_PAUSE_MS, () -> look(domain, device, tries - 1));
    } else {
      log.accept(path + ": there is no link " + vif + " for it");
    }
  }

  private static boolean isOurs(String script) {
    return ScriptName.isOfVifs(nameOf(script));
  }

  private static String nameOf(String script) {
    return script.substring(script.lastIndexOf('/') + 1);
  }

  private static boolean isThere(String device) {
    try (NetlinkKernel kernel = NetlinkKernel.open()) {
      return kernel.link(device).isPresent();
    }
  }

  private void run(String script, String command, String path, String vif) {
    if (!isOurs(script)) {
      log.accept(path + ": its script " + script + " is none of Passerelle's, and is not run");
      return;
    }
    String name = nameOf(script);
    Map<String, String> all = new HashMap<>(environment);
    all.putAll(
        Map.of(
            "XENBUS_PATH", path, "XENBUS_BASE_PATH", "backend", "XENBUS_TYPE", "vif", "vif", vif));
    ScriptCall call = new ScriptCall(name, name, List.of(command, "type_if=vif"), all);
    ScriptThread.Outcome outcome = scripts.run(call, AgentMetrics.Asker.XENSTORE);
    String end = outcome.code() == 0 ? ": done" : ": failed: " + outcome.said().strip();
    log.accept(name + " " + command + " " + vif + end);
  }
}
