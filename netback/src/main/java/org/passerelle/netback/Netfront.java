package org.passerelle.netback;

import java.lang.foreign.Arena;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.passerelle.hypervisor.DomainContext;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.event.EventChannels;
import org.passerelle.hypervisor.memory.GrantAccess;
import org.passerelle.hypervisor.ring.FrontRing;
import org.passerelle.hypervisor.ring.RingLayout;
import org.passerelle.netback.protocol.BackendNodes;
import org.passerelle.netback.protocol.FrontendNodes;
import org.passerelle.netback.protocol.Offloads;
import org.passerelle.netback.protocol.RxRequest;
import org.passerelle.netback.protocol.TxRequest;

/**
 * The guest's half of a vif. All of it, making and closing included, runs on the data plane's
 * thread. It trusts its backend no more than the backend trusts it: one that breaks the protocol
 * makes the half inert.
 */
final class Netfront extends ConnectedHalf {
  private static final int TX_PAGES = RingLayout.slots(TxRequest.SIZE);
  private static final int RX_PAGES = RingLayout.slots(RxRequest.SIZE);

  /** Pages of the guest's memory that a vif takes up: both rings and a page for each slot. */
  static final int PAGES = 2 + TX_PAGES + RX_PAGES;

  private final DomainContext guest;
  private final DomainId backend;
  private final BusyPages busy;
  private final EventChannels events;
  private final VifCounters counters;
  private final NetDevice device;
  private final FrontRing txRing;
  private final FrontRing rxRing;
  private final int txPort;
  private final int rxPort;
  private final FrontendNodes nodes;
  private final FrontTransmit transmit;
  private final FrontReceive receive;

  /**
   * What a half is made for and with.
   *
   * @param backend the domain that is to serve it
   * @param offers what the backend said
   * @param busy takes the pages that the backend does not let go of
   * @param onDeath told, once, why the backend cannot be served
   */
  record Setup(
      DomainContext guest,
      DomainId backend,
      BackendNodes offers,
      NetDevice device,
      BusyPages busy,
      VifCounters counters,
      LongSupplier clock,
      Consumer<String> onDeath) {}

  /** Makes rings, pages and channels and offers the rx pages; undoes all when something fails. */
  Netfront(Setup setup) {
    super(setup.guest().events(), setup.device(), setup.counters(), setup.clock(), setup.onDeath());
    guest = setup.guest();
    backend = setup.backend();
    busy = setup.busy();
    events = guest.events();
    counters = setup.counters();
    device = setup.device();
    boolean made = false;
    try {
      Arena arena = Arena.ofConfined();
      hold(arena::close);
      GrantedPages rings = pages(GrantAccess.READ_WRITE, 2);
      txRing = FrontRing.create(rings.page(0), TxRequest.SIZE);
      rxRing = FrontRing.create(rings.page(1), RxRequest.SIZE);
      transmit = transmit(setup, arena);
      receive = receive(setup, arena);
      txPort = channel();
      rxPort = setup.offers().splitEventChannels() ? channel() : txPort;
      listen(txPort, rxPort);
      nodes =
          new FrontendNodes(
              rings.reference(0), rings.reference(1), txPort, rxPort, true, Offloads.ALL);
      device.peerAccepts(setup.offers().accepts());
      made = true;
    } finally {
      if (!made) {
        close();
      }
    }
    rxRing.pushRequests();
  }

  private GrantedPages pages(GrantAccess access, int count) {
    GrantedPages pages = new GrantedPages(guest.memory(), guest.grants(), backend, access, count);
    hold(() -> pages.release(busy));
    return pages;
  }

  private int channel() {
    int port = events.allocateUnbound(backend);
    hold(() -> events.close(port));
    return port;
  }

  private FrontTransmit transmit(Setup setup, Arena arena) {
    GrantedPages pages = pages(GrantAccess.READ_ONLY, TX_PAGES);
    OffloadFitter fitter = new OffloadFitter(setup.offers().accepts());
    return new FrontTransmit(txRing, pages, fitter, device.port(), counters, arena);
  }

  private FrontReceive receive(Setup setup, Arena arena) {
    GrantedPages pages = pages(GrantAccess.READ_WRITE, RX_PAGES);
    return new FrontReceive(rxRing, pages, device.port(), counters, setup.clock(), arena);
  }

  /** What the backend has to be told. */
  FrontendNodes nodes() {
    return nodes;
  }

  /** The backend is connected: tells it of the pages offered, and lets frames go. */
  void start() {
    transmit.start();
    carrierOn();
    events.notify(rxPort);
  }

  @Override
  int move() {
    return receive.doWork() + transmit.doWork();
  }

  @Override
  void publish() {
    publishRequests(rxRing, rxPort);
    publishRequests(txRing, txPort);
  }

  @Override
  String broken() {
    return receive.broken().isEmpty() ? transmit.broken() : receive.broken();
  }

  @Override
  boolean arm() {
    return transmit.prepareSleep() | receive.prepareSleep();
  }

  @Override
  long due() {
    return receive.deadline();
  }

  @Override
  public void portReady() {
    transmit.portReady();
  }
}
