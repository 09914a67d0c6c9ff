package org.passerelle.netback;

import static org.passerelle.hypervisor.device.XenbusState.CLOSED;
import static org.passerelle.hypervisor.device.XenbusState.CLOSING;
import static org.passerelle.hypervisor.device.XenbusState.CONNECTED;
import static org.passerelle.hypervisor.device.XenbusState.INITIALISING;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.passerelle.hypervisor.DomainContext;
import org.passerelle.hypervisor.device.DeviceEnd;
import org.passerelle.hypervisor.device.DeviceState;
import org.passerelle.hypervisor.device.XenbusState;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.xenstore.XenStore.Watch;
import org.passerelle.netback.protocol.BackendNodes;
import org.passerelle.netback.protocol.Keys;

/**
 * The guest's end of one vif: the handshake as Linux's netfront walks it ({@code
 * drivers/net/xen-netfront.c}), but for coming back: when a backend that had closed waits again, we
 * connect again. Owned by the xenbus thread; the connected half belongs to the data plane.
 *
 * <pre>
 *   backend says        we go to
 *   InitWait            Connected: rings, pages and channels made and told
 *   Connected           (stay) carrier on, frames go
 *   Closing, Closed     Closed: everything given back
 *   gone                Closed
 * </pre>
 */
final class FrontendDevice {
  private static final Logger LOG = System.getLogger(FrontendDevice.class.getName());

  /** How long a backend has to answer Closing before we go on to Closed without it. */
  private static final long GRACE_MILLIS = 5000;

  /** What a device is made in and of. */
  record Guest(
      DomainContext domain,
      VifKey vif,
      NetDevice device,
      DataPlane plane,
      XenbusThread xenbus,
      BusyPages busy) {}

  private final Guest guest;
  private final String name;
  private final XenbusNode node;
  private final XenbusNode backend;
  private final DomainId backendDomain;
  private final VifCounters counters = new VifCounters();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final DeviceState state;
  private Optional<Netfront> half = Optional.empty();
  private Optional<Watch> backendWatch = Optional.empty();
  private Optional<String> death = Optional.empty();
  private String refusal = "";
  private boolean backendConnected;
  private boolean reopening;
  private boolean leaving;
  private boolean finished;

  /**
   * @param backendPath the backend's directory, as the toolstack wrote it
   * @param initial the state that the store has: not Initialising, when an earlier frontend died
   */
  FrontendDevice(
      Guest guest,
      XenbusNode node,
      String backendPath,
      DomainId backendDomain,
      XenbusState initial) {
    this.guest = guest;
    this.name = guest.domain().id() + "/" + node.path();
    this.node = node;
    this.backend = new XenbusNode(guest.domain().store(), backendPath);
    this.backendDomain = backendDomain;
    XenbusState from = DeviceEnd.FRONTEND.mayBeIn(initial) ? initial : CLOSING;
    this.state = new DeviceState(name, DeviceEnd.FRONTEND, from, this::cross);
  }

  /** Begins the handshake. What an earlier frontend left behind is closed first. */
  void begin() {
    if (state.current() != INITIALISING) {
      reopening = true;
      state.moveTo(CLOSED);
    }
    Runnable changed = guest.xenbus().onceInLine(this::backendChanged);
    backendWatch =
        Optional.of(
            guest.domain().store().watch(backend.path() + "/state", name, event -> changed.run()));
  }

  private void backendChanged() {
    if (finished) {
      return;
    }
    XenbusState peer = backend.state();
    LOG.log(Level.DEBUG, "{0}: backend is {1}", name, peer);
    switch (peer) {
      case INITIALISING -> comeBack();
      case INIT_WAIT -> {
        comeBack();
        connectWhenWanted();
      }
      case CONNECTED -> start();
      case CLOSING, CLOSED, UNKNOWN -> backendCloses(peer);
      default -> {}
    }
  }

  /**
   * The backend has begun anew: we do, if we had closed, or if it had been connected, which makes
   * our rings a thing of the past. (One that waits may also be about to look at a state of ours
   * that it has not seen yet.)
   */
  private void comeBack() {
    boolean lost = state.current() == CONNECTED && backendConnected;
    if (!leaving && (lost || state.current() == CLOSED)) {
      LOG.log(Level.INFO, "{0}: the backend is back, connecting again", name);
      death = Optional.empty();
      node.clearError();
      state.moveTo(INITIALISING);
    }
  }

  private void connectWhenWanted() {
    if (!leaving && state.current() == INITIALISING && !state.moveTo(CONNECTED)) {
      fail(refusal);
    }
  }

  private void start() {
    if (state.current() == CONNECTED) {
      backendConnected = true;
      half.ifPresent(connected -> guest.plane().run(connected::start));
    }
  }

  private void backendCloses(XenbusState peer) {
    if (state.current() != INITIALISING) {
      state.moveTo(CLOSED);
    }
    if (leaving) {
      finish();
    } else if (reopening && peer != CLOSING) {
      reopening = false;
      state.moveTo(INITIALISING);
    }
  }

  private boolean cross(XenbusState from, XenbusState to) {
    switch (to) {
      case CONNECTED -> {
        if (!connect()) {
          return false;
        }
      }
      case CLOSING -> half.ifPresent(connected -> guest.plane().run(() -> stop(connected)));
      case CLOSED -> release();
      default -> {}
    }
    node.state(to);
    return true;
  }

  private boolean connect() {
    backendConnected = false;
    try {
      BackendNodes offers = BackendNodes.read(backend.nodes());
      if (!offers.rxCopy()) {
        refusal = "backend does not offer " + Keys.RX_COPY + ": flipping is gone";
        return false;
      }
      Netfront made = guest.plane().call(() -> connectHalf(offers));
      half = Optional.of(made);
      guest
          .domain()
          .store()
          .transaction(
              work -> {
                made.nodes().write(node.writer(work));
                return null;
              });
      return true;
    } catch (RuntimeException e) {
      refusal = "cannot connect: " + e.getMessage();
      return false;
    }
  }

  /** On the data plane's thread. */
  private Netfront connectHalf(BackendNodes offers) {
    Netfront made =
        new Netfront(
            new Netfront.Setup(
                guest.domain(),
                backendDomain,
                offers,
                guest.device(),
                guest.busy(),
                counters,
                guest.plane().clock(),
                this::diedOnDataPlane));
    try {
      guest.plane().attach(guest.vif(), made);
    } catch (RuntimeException e) {
      made.close();
      throw e;
    }
    return made;
  }

  /** On the data plane's thread: no frame goes any more; the pages stay granted for now. */
  private void stop(Netfront connected) {
    guest.plane().detach(guest.vif(), connected);
    connected.carrierOff();
  }

  /** Gives back what the backend has let go of; the rest is tried again later. */
  private void release() {
    guest
        .plane()
        .run(
            () -> {
              half.ifPresent(Netfront::close);
              guest.busy().retry();
            });
    half = Optional.empty();
  }

  /** On the data plane's thread: the half is inert already. */
  private void diedOnDataPlane(String reason) {
    guest.xenbus().execute(() -> half.ifPresent(connected -> fail(reason)));
  }

  /** Closes this device and says why; a backend that begins anew finds us willing. */
  private void fail(String reason) {
    death = Optional.of(reason);
    LOG.log(Level.WARNING, "{0}: closed: {1}", name, reason);
    node.error(reason);
    state.moveTo(CLOSING);
    guest.xenbus().later(GRACE_MILLIS, this::closeWithoutBackend);
  }

  private void closeWithoutBackend() {
    if (state.current() == CLOSING) {
      state.moveTo(CLOSED);
    }
    if (leaving) {
      finish();
    }
  }

  /** Takes leave: Closing, then Closed when the backend has let go or its time is over. */
  void leave() {
    leaving = true;
    guest.xenbus().later(GRACE_MILLIS, this::closeWithoutBackend);
    if (state.current() != CLOSED) {
      state.moveTo(CLOSING);
    }
    backendChanged();
  }

  /** The host is gone: frees what is ours and tells nobody. The device is the caller's to close. */
  void abandon() {
    finished = true;
    half.ifPresent(connected -> guest.plane().run(() -> abandonHalf(connected)));
    half = Optional.empty();
  }

  /** On the data plane's thread. */
  private void abandonHalf(Netfront connected) {
    if (state.current() == CONNECTED) {
      guest.plane().detach(guest.vif(), connected);
    }
    connected.close();
  }

  private void finish() {
    if (!finished) {
      finished = true;
      try {
        giveBack();
      } finally {
        closed.countDown();
      }
    }
  }

  private void giveBack() {
    backendWatch.ifPresent(Watch::close);
    if (state.current() != CLOSED) {
      state.moveTo(CLOSED);
    }
    int busy = guest.plane().call(guest.busy()::retry);
    if (busy > 0) {
      LOG.log(Level.WARNING, "{0}: {1} pages are still in use by the backend", name, busy);
    }
  }

  /** Opens once {@link #leave} has come to its end. The device is the caller's to close. */
  CountDownLatch closed() {
    return closed;
  }

  NetDevice device() {
    return guest.device();
  }

  VifStatus status() {
    return new VifStatus(guest.vif(), state.current(), death, counters.snapshot());
  }
}
