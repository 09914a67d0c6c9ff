package org.passerelle.netback;

import java.lang.foreign.Arena;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.passerelle.hypervisor.DomainContext;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.event.EventChannels;
import org.passerelle.hypervisor.memory.ForeignGrants.MappedGrant;
import org.passerelle.hypervisor.memory.GrantAccess;
import org.passerelle.hypervisor.memory.GrantException;
import org.passerelle.hypervisor.ring.BackRing;
import org.passerelle.netback.protocol.FrontendNodes;
import org.passerelle.netback.protocol.RxRequest;
import org.passerelle.netback.protocol.TxRequest;

/**
 * The host's half of a connected vif: one queue, with an event channel for each ring or one for
 * both. All of it, connecting and closing included, runs on the data plane's thread.
 */
final class Netback extends ConnectedHalf {
  private final EventChannels events;
  private final VifCounters counters;
  private final NetDevice device;
  private final BackRing txRing;
  private final BackRing rxRing;
  private final int txPort;
  private final int rxPort;
  private final GuestTransmit transmit;
  private final GuestReceive receive;

  /**
   * What a half is made for and with.
   *
   * @param name {@code vif1.0}
   * @param onDeath told, once, why the guest is served no more
   */
  record Setup(
      String name,
      DomainContext host,
      DomainId guest,
      NetDevice device,
      Rate rate,
      VifCounters counters,
      LongSupplier clock,
      Consumer<String> onDeath) {}

  /** Maps the rings and binds the channels; what was done is undone when something fails. */
  static Netback connect(Setup setup, FrontendNodes frontend) throws ConnectException {
    return new Netback(setup, frontend);
  }

  private Netback(Setup setup, FrontendNodes frontend) throws ConnectException {
    super(setup.host().events(), setup.device(), setup.counters(), setup.clock(), setup.onDeath());
    events = setup.host().events();
    counters = setup.counters();
    device = setup.device();
    boolean connected = false;
    try {
      Arena arena = Arena.ofConfined();
      hold(arena::close);
      txRing = BackRing.attach(map(setup, "tx", frontend.txRing()).page(), TxRequest.SIZE);
      rxRing = BackRing.attach(map(setup, "rx", frontend.rxRing()).page(), RxRequest.SIZE);
      txPort = bind(setup, frontend.txPort());
      rxPort = frontend.splitEventChannels() ? bind(setup, frontend.rxPort()) : txPort;
      listen(txPort, rxPort);
      transmit = transmit(setup, arena);
      receive = receive(setup, frontend, arena);
      device.peerAccepts(frontend.accepts());
      device.carrier(true);
      connected = true;
    } finally {
      if (!connected) {
        close();
      }
    }
  }

  private MappedGrant map(Setup setup, String ring, int reference) throws ConnectException {
    try {
      MappedGrant grant =
          setup.host().foreignGrants().map(setup.guest(), reference, GrantAccess.READ_WRITE);
      hold(grant::close);
      return grant;
    } catch (GrantException e) {
      String unsigned = Integer.toUnsignedString(reference);
      throw new ConnectException(
          "mapping %s-ring-ref %s of %s: %s"
              .formatted(ring, unsigned, setup.guest(), e.getMessage()),
          e);
    }
  }

  private int bind(Setup setup, int remotePort) throws ConnectException {
    try {
      int port = events.bindInterdomain(setup.guest(), remotePort);
      hold(() -> events.close(port));
      return port;
    } catch (RuntimeException e) {
      throw new ConnectException(
          "binding event channel %d of %s: %s".formatted(remotePort, setup.guest(), e.getMessage()),
          e);
    }
  }

  private GuestTransmit transmit(Setup setup, Arena arena) {
    FrameAssembler assembler =
        new FrameAssembler(txRing, setup.host().foreignGrants(), setup.guest(), arena);
    CreditLimiter credit = new CreditLimiter(setup.rate(), setup.clock());
    return new GuestTransmit(
        txRing, assembler, credit, device.port(), counters, setup.clock(), arena);
  }

  private GuestReceive receive(Setup setup, FrontendNodes frontend, Arena arena) {
    RxSlots slots = new RxSlots(rxRing, setup.host().foreignGrants(), setup.guest(), arena);
    StallDetector stall = new StallDetector(setup.name(), device, counters, setup.clock());
    OffloadFitter fitter = new OffloadFitter(frontend.accepts());
    return new GuestReceive(
        rxRing,
        slots,
        fitter,
        device.port(),
        frontend.rxNotify(),
        stall,
        counters,
        setup.clock(),
        arena);
  }

  /** Takes another rate from now on. */
  void rate(Rate rate) {
    transmit.rate(rate);
  }

  @Override
  int move() {
    return transmit.doWork() + receive.doWork();
  }

  @Override
  void publish() {
    publishResponses(txRing, txPort);
    publishResponses(rxRing, rxPort);
  }

  @Override
  String broken() {
    return transmit.broken().isEmpty() ? receive.broken() : transmit.broken();
  }

  @Override
  boolean arm() {
    return transmit.prepareSleep() | receive.prepareSleep();
  }

  @Override
  long due() {
    return Math.min(transmit.deadline(), receive.deadline());
  }

  @Override
  public void portReady() {
    receive.portReady();
  }
}
