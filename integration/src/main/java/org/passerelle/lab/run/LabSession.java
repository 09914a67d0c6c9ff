package org.passerelle.lab.run;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.passerelle.hypervisor.embedded.EmbeddedHypervisor;
import org.passerelle.lab.capture.FrameSource;
import org.passerelle.lab.check.RunningLab;
import org.passerelle.lab.check.TcpListener;
import org.passerelle.lab.model.Check;
import org.passerelle.lab.model.Family;
import org.passerelle.lab.model.Host;
import org.passerelle.lab.model.Lab;
import org.passerelle.lab.model.Point;
import org.passerelle.lab.model.ScriptCall;
import org.passerelle.lab.model.TcpService;
import org.passerelle.lab.report.Crash;
import org.passerelle.lab.run.Places.Place;
import org.passerelle.lab.topology.Interface;
import org.passerelle.lab.topology.Station;
import org.passerelle.lab.topology.Topology;
import org.passerelle.lab.topology.Vif;
import org.passerelle.link.port.FrameObserver;
import org.passerelle.netback.DataPlane;
import org.passerelle.netback.XenbusThread;
import org.passerelle.toolstack.Toolstack;

/** A lab in the making, running, and being taken down. Used by one thread. */
final class LabSession implements RunningLab {
  private final Topology topology;
  private final RunDirectory directory;
  private final GuestMode mode;
  private final Progress progress;
  private final Teardown teardown;
  private final Places places;
  private final Wiring wiring;
  private Backends backends;
  private Guests guests;

  LabSession(
      Topology topology,
      RunDirectory directory,
      GuestMode mode,
      Progress progress,
      Teardown teardown) {
    this.topology = topology;
    this.directory = directory;
    this.mode = mode;
    this.progress = progress;
    this.teardown = teardown;
    this.places = new Places(topology.lab().switching(), teardown);
    this.wiring = new Wiring(places);
  }

  /** Builds everything; what was made is in the teardown, also when this throws. */
  void build() throws Exception {
    outside();
    Place dom0 = host();
    EmbeddedHypervisor hypervisor = EmbeddedHypervisor.start(directory.path());
    teardown.add("hypervisor", hypervisor::close);
    DataPlane plane = new DataPlane();
    teardown.add("data plane", plane::close);
    XenbusThread xenbus = new XenbusThread();
    teardown.add("xenbus thread", xenbus::close);
    LinkMaker links = LinkMaker.choose(teardown);
    backends = new Backends(hypervisor.dom0(), dom0, links, plane, xenbus);
    teardown.add("netback", backends::close);
    Dom0Scripts scripts =
        new Dom0Scripts(dom0, hypervisor.dom0().store(), directory.path(), progress);
    network(scripts, dom0);
    Toolstack toolstack = new Toolstack(hypervisor.dom0().store(), scripts);
    guests =
        new Guests(
            topology,
            places,
            hypervisor,
            toolstack,
            backends,
            links,
            plane,
            xenbus,
            teardown,
            progress,
            new DhcpClient(directory.path()),
            mode == GuestMode.process ? Optional.of(directory.path()) : Optional.empty());
    for (Station domain : topology.stations(Station.Kind.DOMAIN)) {
      progress.step("domain " + domain.name());
      guests.start(domain);
    }
    for (Vif vif : topology.vifs()) {
      awaitRouter(vif);
    }
    services();
  }

  private void outside() {
    for (String wire : topology.wires()) {
      progress.step("wire " + wire);
      wiring.makeWire(wire);
    }
    for (Station station : topology.stations(Station.Kind.OUTSIDE)) {
      progress.step("outside host " + station.name());
      Place place = places.addStation(station.name());
      for (Interface each : station.interfaces()) {
        each.vlan()
            .ifPresentOrElse(
                vlan -> Wiring.tag(place, each.device(), vlan),
                () -> wiring.plug(each.segment(), place, each.device(), each.mac()));
        InterfaceSetup.apply(place.kernel(), each.device(), each.settings());
      }
    }
  }

  /** dom0 as its own start-up leaves it, before any script of ours. */
  private Place host() {
    progress.step(Lab.DOM0);
    Place dom0 = places.addStation(Lab.DOM0);
    for (Host.Nic nic : topology.lab().host().nics()) {
      wiring.plug(nic.wire(), dom0, nic.name(), topology.macOf(nic));
      InterfaceSetup.apply(dom0.kernel(), nic.name(), nic.settings());
    }
    return dom0;
  }

  private void network(Dom0Scripts scripts, Place dom0) throws LabException {
    if (topology.lab().networkScript().isPresent()) {
      ScriptCall call = topology.lab().networkScript().get();
      progress.step(call + " start");
      scripts.network(call, "start");
      teardown.add(call.name() + " stop", () -> scripts.network(call, "stop"));
    }
    for (Host.Bridge bridge : topology.lab().host().bridges()) {
      InterfaceSetup.apply(dom0.kernel(), bridge.name(), bridge.settings());
    }
  }

  /** An IPv6 guest's router is heard a second or two after its device is up. */
  private void awaitRouter(Vif vif) throws InterruptedException {
    boolean asked =
        topology
            .station(vif.domain())
            .flatMap(station -> station.device("eth" + vif.handle()))
            .flatMap(guest -> guest.address(Family.V6))
            .isPresent();
    if (vif.isRouted() && asked) {
      LinkWait.untilAddressed(places.station(Lab.DOM0).kernel(), vif.device());
    }
  }

  private void services() {
    for (TcpService service : topology.lab().services()) {
      String station = service.at().value();
      progress.step("tcp port " + service.port() + " at " + station);
      TcpListener listener =
          at(station, () -> TcpListener.open(service.port(), TcpListener.Service.ECHO));
      teardown.add("service at " + station, listener::close);
    }
  }

  /** The domains that have crashed so far, in that order. */
  List<Crash> crashes() {
    return guests.crashes();
  }

  @Override
  public Topology topology() {
    return topology;
  }

  @Override
  public <T> T at(String station, Callable<T> work) {
    return places.station(station).namespace().call(work);
  }

  @Override
  public <T> T onWire(String wire, Callable<T> work) {
    return places.wire(wire).namespace().call(work);
  }

  @Override
  public FrameSource observe(Point.Ring ring, FrameObserver observer) {
    Vif vif = vif(ring);
    LinkDevice device =
        backends
            .vif(vif.bornAs())
            .orElseThrow(() -> new IllegalStateException(ring + " is not attached"));
    device.observe(observer);
    return device::observeNoMore;
  }

  @Override
  public void act(Check.Verb verb, Point.Ring ring) throws InterruptedException {
    Vif vif = vif(ring);
    switch (verb) {
      case ATTACH -> {
        guests.attach(vif);
        awaitRouter(vif);
      }
      case DETACH -> guests.detach(vif);
      case RESTART_BACKEND -> guests.restartBackend(vif);
    }
  }

  private Vif vif(Point.Ring ring) {
    return topology.vif(ring.domain(), ring.handle()).orElseThrow();
  }
}
