package org.passerelle.toolstack;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.passerelle.hypervisor.device.XenbusState;
import org.passerelle.hypervisor.xenstore.XenStore;

/**
 * Attaches vifs to domains and detaches them, in libxl's order (libxl_device.c): write the nodes,
 * wait for the backend, run the hotplug script, wait until both ends are connected. A vif that
 * cannot be attached is detached again.
 */
public final class Toolstack {
  /** libxl's LIBXL_INIT_TIMEOUT and LIBXL_DESTROY_TIMEOUT. */
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private static final String CONNECTED = XenbusState.CONNECTED.text();
  private static final String CLOSED = XenbusState.CLOSED.text();
  private static final Set<String> OVER = Set.of(XenbusState.CLOSING.text(), CLOSED);

  private final XenStore store;
  private final DeviceNodes nodes;
  private final HotplugRunner hotplug;

  /**
   * @param store dom0's connection
   */
  public Toolstack(XenStore store, HotplugRunner hotplug) {
    this.store = store;
    this.nodes = new DeviceNodes(store);
    this.hotplug = hotplug;
  }

  /**
   * Attaches a vif; returns when both ends are connected.
   *
   * @throws ToolstackException when an end or the script refuses; nothing is left of the vif then
   */
  public void attach(VifDevice vif) throws InterruptedException {
    nodes.write(vif);
    try {
      awaitBackend(vif, XenbusState.INIT_WAIT.text(), "become ready");
      script(vif, "online");
      awaitConnected(vif);
    } catch (ToolstackException | InterruptedException e) {
      detach(vif);
      throw e;
    }
  }

  /**
   * Waits until both ends of a vif are connected again after its backend was restarted: on the way
   * there both are closed for a moment.
   */
  public void awaitReconnected(VifDevice vif) throws InterruptedException {
    String path = vif.backendPath() + "/state";
    Optional<String> state =
        StateWait.until(store, path, value -> value.filter(CONNECTED::equals).isPresent(), TIMEOUT);
    if (state.filter(CONNECTED::equals).isEmpty()) {
      throw failure(vif, "its backend did not connect again within 10 s, " + state(state));
    }
    awaitFrontend(vif);
  }

  private void awaitConnected(VifDevice vif) throws InterruptedException {
    awaitBackend(vif, CONNECTED, "connect");
    awaitFrontend(vif);
  }

  private void awaitFrontend(VifDevice vif) throws InterruptedException {
    String path = vif.frontendPath() + "/state";
    Optional<String> state =
        StateWait.until(
            store, path, value -> value.isEmpty() || value.get().equals(CONNECTED), TIMEOUT);
    if (state.filter(CONNECTED::equals).isEmpty()) {
      throw failure(vif, "its frontend did not connect" + inTime(state) + ", " + state(state));
    }
  }

  private void awaitBackend(VifDevice vif, String goal, String what) throws InterruptedException {
    String path = vif.backendPath() + "/state";
    Optional<String> state =
        StateWait.until(
            store,
            path,
            value -> value.isEmpty() || value.get().equals(goal) || OVER.contains(value.get()),
            TIMEOUT);
    if (state.filter(goal::equals).isEmpty()) {
      throw failure(vif, "its backend did not " + what + inTime(state) + ", " + state(state));
    }
  }

  /** An end that is over, or whose nodes are removed by now, was not waited for. */
  private static String inTime(Optional<String> state) {
    return state.isEmpty() || OVER.contains(state.get()) ? "" : " within 10 s";
  }

  private static String state(Optional<String> state) {
    return "state " + state.orElse("absent");
  }

  private ToolstackException failure(VifDevice vif, String reason) {
    String error =
        store
            .readIfPresent("error/" + vif.backendPath() + "/error")
            .or(() -> store.readIfPresent(errorOfFrontend(vif)))
            .map(text -> ": " + text)
            .orElse("");
    return new ToolstackException(
        "attach " + vif.bornAs() + " of " + vif.domainName() + ": " + reason + error);
  }

  private static String errorOfFrontend(VifDevice vif) {
    int domid = vif.domain().value();
    return "/local/domain/" + domid + "/error/device/vif/" + vif.handle() + "/error";
  }

  private void script(VifDevice vif, String command) {
    int code = runScript(vif, command);
    Optional<String> error = store.readIfPresent(vif.backendPath() + "/hotplug-error");
    if (code != 0) {
      throw failure(
          vif,
          vif.script()
              + " "
              + command
              + " exited with error status "
              + code
              + error.map(text -> ": " + text).orElse(""));
    }
  }

  /** With the arguments and the environment that libxl gives (libxl_linux.c). */
  private int runScript(VifDevice vif, String command) {
    List<String> arguments = new ArrayList<>(List.of(command, "type_if=vif"));
    arguments.addAll(vif.arguments());
    return hotplug.run(
        vif.script(),
        arguments,
        Map.of(
            "script",
            vif.script(),
            "XENBUS_TYPE",
            "vif",
            "XENBUS_PATH",
            vif.backendPath(),
            "XENBUS_BASE_PATH",
            "backend",
            "netdev",
            "",
            "vif",
            vif.bornAs()));
  }

  /**
   * Detaches a vif of a domain that has crashed. Its frontend's directory goes first, as libxl has
   * it when it forces a removal: a backend would wait for a frontend that is there and says
   * nothing.
   *
   * @return as {@link #detach}
   */
  public Optional<String> detachCrashed(VifDevice vif) throws InterruptedException {
    disown(vif);
    return detach(vif);
  }

  /**
   * A vif's domain has crashed: whoever waits for its frontend, or has its backend wait for it,
   * need not wait any longer. From any thread.
   */
  public void disown(VifDevice vif) {
    nodes.removeFrontend(vif);
  }

  /**
   * Detaches a vif. A backend that does not let go within its time is left alone, and a script that
   * fails is ignored, as libxl does: the nodes are removed in any case.
   *
   * @return what did not go as it should; empty when all did
   */
  public Optional<String> detach(VifDevice vif) throws InterruptedException {
    nodes.askToClose(vif);
    Optional<String> state =
        StateWait.until(
            store,
            vif.backendPath() + "/state",
            value -> value.isEmpty() || value.filter(CLOSED::equals).isPresent(),
            TIMEOUT);
    int code = runScript(vif, "offline");
    nodes.remove(vif);
    if (state.filter(value -> !value.equals(CLOSED)).isPresent()) {
      return Optional.of("detach " + vif.bornAs() + ": its backend did not close, " + state(state));
    }
    return code == 0
        ? Optional.empty()
        : Optional.of(
            "detach " + vif.bornAs() + ": " + vif.script() + " offline exited with " + code);
  }
}
