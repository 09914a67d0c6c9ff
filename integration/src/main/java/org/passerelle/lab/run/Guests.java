package org.passerelle.lab.run;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.passerelle.hypervisor.DomainContext;
import org.passerelle.hypervisor.embedded.EmbeddedHypervisor;
import org.passerelle.lab.model.Lab;
import org.passerelle.lab.model.Rate;
import org.passerelle.lab.run.Places.Place;
import org.passerelle.lab.topology.Station;
import org.passerelle.lab.topology.Topology;
import org.passerelle.lab.topology.Vif;
import org.passerelle.netback.DataPlane;
import org.passerelle.netback.XenbusThread;
import org.passerelle.toolstack.Toolstack;
import org.passerelle.toolstack.ToolstackException;
import org.passerelle.toolstack.VifDevice;

/** Starts domUs and attaches, detaches and restarts their vifs. */
final class Guests {
  private static final Logger LOG = System.getLogger(Guests.class.getName());

  private final Topology topology;
  private final Places places;
  private final EmbeddedHypervisor hypervisor;
  private final Toolstack toolstack;
  private final Backends backends;
  private final LinkMaker links;
  private final DataPlane plane;
  private final XenbusThread xenbus;
  private final Teardown teardown;
  private final Optional<Path> runDirectory;
  private final Map<String, Guest> guests = new HashMap<>();
  private final Map<String, GuestProcess> processes = new HashMap<>();

  /**
   * @param runDirectory where guests in processes of their own have their doors; without it they
   *     are threads of this one
   */
  Guests(
      Topology topology,
      Places places,
      EmbeddedHypervisor hypervisor,
      Toolstack toolstack,
      Backends backends,
      LinkMaker links,
      DataPlane plane,
      XenbusThread xenbus,
      Teardown teardown,
      Optional<Path> runDirectory) {
    this.topology = topology;
    this.places = places;
    this.hypervisor = hypervisor;
    this.toolstack = toolstack;
    this.backends = backends;
    this.links = links;
    this.plane = plane;
    this.xenbus = xenbus;
    this.teardown = teardown;
    this.runDirectory = runDirectory;
  }

  void start(Station domain) throws InterruptedException {
    List<Vif> vifs = topology.vifs(domain.name());
    DomainContext context = hypervisor.create(domain.name(), Guest.pages(vifs.size()));
    teardown.add("end " + domain.name(), () -> hypervisor.destroy(context.id()));
    Place place = places.addStation(domain.name());
    Guest guest = new Guest(domain, context, place, links, plane, xenbus);
    guests.put(domain.name(), guest);
    runDirectory.ifPresent(directory -> startProcess(domain.name(), guest, directory));
    for (Vif vif : vifs) {
      // Noted first: whatever is there when this fails half-way is taken down.
      teardown.add("detach " + vif.bornAs(), () -> detachIfThere(vif));
      attach(vif);
    }
  }

  private void startProcess(String name, Guest guest, Path directory) {
    GuestProcess made =
        GuestProcess.start(name, guest.context().id(), hypervisor, directory, places.station(name));
    teardown.add("process of " + name, made::end);
    processes.put(name, made);
  }

  private Frontends frontends(Vif vif) {
    GuestProcess process = processes.get(vif.domain());
    return process == null ? guests.get(vif.domain()) : process;
  }

  void attach(Vif vif) throws InterruptedException {
    Guest guest = guests.get(vif.domain());
    frontends(vif).probe(vif);
    try {
      toolstack.attach(device(vif));
    } catch (ToolstackException | InterruptedException e) {
      frontends(vif).remove(vif);
      throw e;
    }
    guest.configure(vif);
    awaitRunning(vif);
  }

  /** Both devices of a vif, the guest's and dom0's. */
  private void awaitRunning(Vif vif) throws InterruptedException {
    LinkWait.untilRunning(places.station(vif.domain()).kernel(), "eth" + vif.handle());
    LinkWait.untilRunning(places.station(Lab.DOM0).kernel(), vif.device());
  }

  /** Throws {@link ToolstackException} when an end did not let go as it should. */
  void detach(Vif vif) throws InterruptedException {
    Optional<String> trouble = takeOff(vif);
    frontends(vif).remove(vif);
    if (trouble.isPresent()) {
      throw new ToolstackException(trouble.get());
    }
  }

  /**
   * At the lab's end. A guest that spoils its own detaching is no failure of ours: the nodes are
   * removed whatever it does, and its device ends with the backend.
   */
  private void detachIfThere(Vif vif) throws InterruptedException {
    String state = device(vif).backendPath() + "/state";
    if (hypervisor.dom0().store().readIfPresent(state).isPresent()) {
      takeOff(vif).ifPresent(trouble -> LOG.log(Level.WARNING, trouble));
    }
    frontends(vif).remove(vif);
  }

  private Optional<String> takeOff(Vif vif) throws InterruptedException {
    GuestProcess process = processes.get(vif.domain());
    return process != null && process.hasCrashed()
        ? toolstack.detachCrashed(device(vif))
        : toolstack.detach(device(vif));
  }

  /** Ends a vif's backend and starts it anew; returns when frames can pass again. */
  void restartBackend(Vif vif) throws InterruptedException {
    VifDevice device = device(vif);
    backends.restart(device.domain(), device.handle());
    toolstack.awaitReconnected(device);
    awaitRunning(vif);
  }

  private VifDevice device(Vif vif) {
    return new VifDevice(
        guests.get(vif.domain()).context().id(),
        vif.domain(),
        vif.handle(),
        vif.mac(),
        vif.bridge(),
        vif.ip(),
        vif.rate().map(Rate::storeValue),
        vif.vifname(),
        vif.mtu(),
        vif.script().name(),
        vif.script().arguments());
  }
}
