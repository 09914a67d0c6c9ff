package org.passerelle.netback;

import static org.passerelle.hypervisor.device.XenbusState.CLOSED;
import static org.passerelle.hypervisor.device.XenbusState.CLOSING;
import static org.passerelle.hypervisor.device.XenbusState.CONNECTED;
import static org.passerelle.hypervisor.device.XenbusState.INITIALISING;
import static org.passerelle.hypervisor.device.XenbusState.INIT_WAIT;
import static org.passerelle.hypervisor.device.XenbusState.UNKNOWN;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import org.passerelle.hypervisor.DomainContext;
import org.passerelle.hypervisor.device.DeviceEnd;
import org.passerelle.hypervisor.device.DeviceState;
import org.passerelle.hypervisor.device.XenbusState;
import org.passerelle.hypervisor.xenstore.XenStore.Watch;
import org.passerelle.netback.protocol.BackendNodes;
import org.passerelle.netback.protocol.FrontendNodes;

/**
 * The host's end of one vif: the handshake as Linux's netback walks it ({@code
 * drivers/net/xen-netback/xenbus.c}). Owned by the xenbus thread; the connected half belongs to the
 * data plane.
 *
 * <pre>
 *   frontend says             we go to
 *   Initialising              InitWait
 *   Connected                 Connected: rings mapped, channels bound; the state is written once
 *                             hotplug-status says connected
 *   Closing                   Closing: rings unmapped
 *   Closed, gone              Closed; the device is given up when it is not online any more
 * </pre>
 *
 * A guest that breaks the protocol is closed and served no more until {@link #restart}.
 */
final class BackendDevice {
  private static final Logger LOG = System.getLogger(BackendDevice.class.getName());

  /** How long a frontend has to answer Closing before we go on to Closed without it. */
  private static final long GRACE_MILLIS = 500;

  private static final String HOTPLUG_STATUS = "hotplug-status";

  /** What all devices of a driver share. */
  record Host(DomainContext domain, VifPorts ports, DataPlane plane, XenbusThread xenbus) {}

  private final Host host;
  private final VifKey vif;
  private final XenbusNode node;
  private final XenbusNode frontend;
  private final Runnable onGivenUp;
  private final VifCounters counters = new VifCounters();
  private final DeviceState state;
  private Optional<NetDevice> device = Optional.empty();
  private Optional<Netback> half = Optional.empty();
  private Optional<Watch> frontendWatch = Optional.empty();
  private Optional<Watch> hotplugWatch = Optional.empty();
  private Optional<Watch> rateWatch = Optional.empty();
  private Optional<String> death = Optional.empty();
  private String refusal = "";

  /** What the frontend said last; Unknown as long as the toolstack has not made it. */
  private XenbusState lastSeen = UNKNOWN;

  private boolean restarting;
  private boolean givenUp;
  private boolean gone;

  /**
   * @param frontendPath the frontend's directory, as the toolstack wrote it
   * @param onGivenUp called when the device is done with
   */
  BackendDevice(
      Host host,
      VifKey vif,
      XenbusNode node,
      String frontendPath,
      XenbusState initial,
      Runnable onGivenUp) {
    this.host = host;
    this.vif = vif;
    this.node = node;
    this.frontend = new XenbusNode(host.domain().store(), frontendPath);
    this.onGivenUp = onGivenUp;
    XenbusState from = DeviceEnd.BACKEND.mayBeIn(initial) ? initial : CLOSING;
    this.state = new DeviceState(vif.toString(), DeviceEnd.BACKEND, from, this::cross);
  }

  /** A new device: offers features, waits for the frontend, makes the host's interface. */
  void probe() {
    writeFeatures();
    // Before InitWait is said: the toolstack runs the hotplug script at once, which wants the
    // device.
    Optional<String> trouble = tryOpenDevice();
    state.moveTo(INIT_WAIT);
    trouble.ifPresent(this::die);
    watchFrontend();
  }

  /**
   * A device whose backend died: what is left of it is closed, so that the frontend lets go of its
   * old rings; then it is served again.
   */
  void adopt() {
    LOG.log(Level.INFO, "{0}: taking over from a backend that is gone", vif);
    writeFeatures();
    watchFrontend();
    restart();
  }

  private void writeFeatures() {
    host.domain()
        .store()
        .transaction(
            work -> {
              BackendNodes.OURS.write(node.writer(work));
              return null;
            });
  }

  private void openDevice() {
    tryOpenDevice().ifPresent(this::die);
  }

  /** Says why there is no device; empty when there is. */
  private Optional<String> tryOpenDevice() {
    try {
      device = Optional.of(host.ports().open(vif.toString()));
      return Optional.empty();
    } catch (RuntimeException e) {
      return Optional.of("cannot make " + vif + ": " + e.getMessage());
    }
  }

  private void watchFrontend() {
    frontendWatch = Optional.of(watch(frontend.path() + "/state", this::frontendChanged));
  }

  private Watch watch(String path, Runnable onChange) {
    Runnable changed = host.xenbus().onceInLine(onChange);
    return host.domain().store().watch(path, vif.toString(), event -> changed.run());
  }

  /**
   * Looks at what the frontend says of itself now. Several events may tell of one state: it is
   * acted on once, as our own may have moved on since.
   */
  private void frontendChanged() {
    if (givenUp) {
      return;
    }
    XenbusState peer = frontend.state();
    if (peer != lastSeen) {
      LOG.log(Level.DEBUG, "{0}: frontend is {1}", vif, peer);
      lastSeen = peer;
      follow(peer);
      continueRestart(peer);
    }
  }

  private void follow(XenbusState peer) {
    switch (peer) {
      case INITIALISING -> frontendWants(INIT_WAIT);
      case CONNECTED -> {
        // Only from InitWait: at any other time it speaks of rings that are a thing of the past.
        if (state.current() == INIT_WAIT) {
          frontendWants(CONNECTED);
        }
      }
      case CLOSING -> close(CLOSING);
      case CLOSED -> frontendClosed();
      case UNKNOWN -> giveUp();
      default -> {}
    }
  }

  /** A frontend that is served no more, or is to close first, is not listened to. */
  private void frontendWants(XenbusState goal) {
    if (death.isPresent() || restarting) {
      return;
    }
    if (!state.moveTo(goal)) {
      node.error(refusal);
      LOG.log(Level.WARNING, "{0}: {1}", vif, refusal);
      state.moveTo(CLOSING);
    }
  }

  private void frontendClosed() {
    if (isOnline()) {
      close(CLOSED);
    } else {
      giveUp();
    }
  }

  /** The toolstack may have said that a device that is closed already is not wanted any more. */
  void toolstackChanged() {
    if (state.current() == CLOSED && !isOnline()) {
      giveUp();
    }
  }

  /** To Closing or Closed; a device that is closed already stays so. */
  private void close(XenbusState goal) {
    if (state.current() != CLOSED) {
      state.moveTo(goal);
    }
  }

  private boolean isOnline() {
    return node.nodes().flag("online");
  }

  /** What happens on the way from one state to the next. */
  private boolean cross(XenbusState from, XenbusState to) {
    switch (to) {
      case CONNECTED -> {
        return connect();
      }
      case CLOSING -> disconnect();
      default -> {}
    }
    if (!gone) {
      node.state(to);
    }
    return true;
  }

  /** Connects the rings; Connected is written when the hotplug script has done its part. */
  private boolean connect() {
    try {
      FrontendNodes asked = FrontendNodes.read(frontend.nodes());
      Rate rate = readRate();
      half = Optional.of(host.plane().call(() -> connectHalf(asked, rate)));
    } catch (FrontendNodes.Refused | RuntimeException e) {
      refusal = message(e);
      return false;
    }
    rateWatch = Optional.of(watch(node.path() + "/rate", this::rateChanged));
    hotplugWatch = Optional.of(watch(node.path() + "/" + HOTPLUG_STATUS, this::hotplugChanged));
    return true;
  }

  private static String message(Exception e) {
    return e.getCause() instanceof ConnectException cause ? cause.getMessage() : e.getMessage();
  }

  /** On the data plane's thread. */
  private Netback connectHalf(FrontendNodes asked, Rate rate) throws ConnectException {
    NetDevice connected = device.orElseThrow();
    Netback.Setup setup =
        new Netback.Setup(
            vif.toString(),
            host.domain(),
            vif.guest(),
            connected,
            rate,
            counters,
            host.plane().clock(),
            this::diedOnDataPlane);
    Netback made = Netback.connect(setup, asked);
    try {
      host.plane().attach(vif, made);
    } catch (RuntimeException e) {
      made.close();
      throw e;
    }
    return made;
  }

  private void hotplugChanged() {
    boolean connected = node.readSafely(HOTPLUG_STATUS).filter("connected"::equals).isPresent();
    if (hotplugWatch.isEmpty() || !connected) {
      return;
    }
    hotplugWatch = end(hotplugWatch);
    node.state(CONNECTED);
  }

  private void rateChanged() {
    half.ifPresent(
        connected -> {
          Rate rate = readRate();
          host.plane().run(() -> connected.rate(rate));
        });
  }

  private Rate readRate() {
    Optional<String> text = node.readSafely("rate");
    Optional<Rate> rate = text.flatMap(Rate::parse);
    if (text.isPresent() && rate.isEmpty()) {
      LOG.log(
          Level.WARNING,
          "{0}: rate=\"{1}\" is not <bytes>,<microseconds>: traffic unlimited",
          vif,
          text.get());
    }
    return rate.orElse(Rate.UNLIMITED);
  }

  private void disconnect() {
    hotplugWatch = end(hotplugWatch);
    rateWatch = end(rateWatch);
    half.ifPresent(connected -> host.plane().run(() -> disconnectHalf(connected)));
    half = Optional.empty();
  }

  /** On the data plane's thread. */
  private void disconnectHalf(Netback connected) {
    host.plane().detach(vif, connected);
    connected.carrierOff();
    connected.close();
  }

  private static Optional<Watch> end(Optional<Watch> watch) {
    watch.ifPresent(Watch::close);
    return Optional.empty();
  }

  /** On the data plane's thread: the half is inert already. */
  private void diedOnDataPlane(String reason) {
    host.xenbus()
        .execute(
            () -> {
              if (half.isPresent()) {
                die(reason);
              }
            });
  }

  /** Closes this vif, for good until {@link #restart}, and says why. */
  private void die(String reason) {
    death = Optional.of(reason);
    LOG.log(Level.WARNING, "{0}: closed: {1}", vif, reason);
    node.error(reason);
    close(CLOSING);
    closeAfterGrace();
  }

  private void closeAfterGrace() {
    host.xenbus()
        .later(
            GRACE_MILLIS,
            () -> {
              if (!givenUp && state.current() == CLOSING && (death.isPresent() || restarting)) {
                state.moveTo(CLOSED);
              }
            });
  }

  /** Closes the device and serves it again as soon as its frontend has closed its end. */
  void restart() {
    death = Optional.empty();
    restarting = true;
    node.clearError();
    if (device.isEmpty()) {
      // The script's word was of another interface; this one is in no bridge yet.
      node.remove(HOTPLUG_STATUS);
      openDevice();
    }
    close(CLOSING);
    closeAfterGrace();
    XenbusState peer = frontend.state();
    if (peer != UNKNOWN) {
      lastSeen = peer;
    }
    continueRestart(peer);
  }

  /** Waits for the frontend to leave its old rings: what it says in Connected is of the past. */
  private void continueRestart(XenbusState peer) {
    boolean free = peer == CLOSED || peer == INITIALISING;
    if (restarting && free && death.isEmpty() && !givenUp) {
      restarting = false;
      state.moveTo(CLOSED);
      state.moveTo(INIT_WAIT);
    }
  }

  /** The toolstack has removed the directory: nothing is written to it any more. */
  void vanished() {
    gone = true;
    giveUp();
  }

  /** The device is not wanted any more. */
  private void giveUp() {
    if (!givenUp) {
      if (!gone) {
        node.remove(HOTPLUG_STATUS);
      }
      shutDown();
      onGivenUp.run();
    }
  }

  /**
   * Frees all and tells the frontend. Closed is said when the interface is gone: whoever waits for
   * it, as a toolstack does before it runs the script's offline, finds no link that is about to go.
   */
  void shutDown() {
    givenUp = true;
    frontendWatch = end(frontendWatch);
    close(CLOSING);
    device.ifPresent(NetDevice::close);
    device = Optional.empty();
    if (state.current() == CLOSED && !gone) {
      node.state(CLOSED);
    }
    close(CLOSED);
  }

  VifStatus status() {
    return new VifStatus(vif, state.current(), death, counters.snapshot());
  }
}
