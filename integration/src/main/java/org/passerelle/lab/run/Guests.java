package org.passerelle.lab.run;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.passerelle.hypervisor.DomainContext;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.embedded.EmbeddedHypervisor;
import org.passerelle.lab.model.Lab;
import org.passerelle.lab.model.Rate;
import org.passerelle.lab.model.VifLine;
import org.passerelle.lab.report.Crash;
import org.passerelle.lab.run.Places.Place;
import org.passerelle.lab.topology.Station;
import org.passerelle.lab.topology.Topology;
import org.passerelle.lab.topology.Vif;
import org.passerelle.netback.DataPlane;
import org.passerelle.netback.XenbusThread;
import org.passerelle.toolstack.Toolstack;
import org.passerelle.toolstack.ToolstackException;
import org.passerelle.toolstack.VifDevice;

/**
 * Starts domUs, attaches, detaches and restarts their vifs, and buries those that crash. The lab's
 * thread and the reapers of crashed domains take turns.
 */
final class Guests {
  private final Topology topology;
  private final Places places;
  private final EmbeddedHypervisor hypervisor;
  private final Toolstack toolstack;
  private final Backends backends;
  private final LinkMaker links;
  private final DataPlane plane;
  private final XenbusThread xenbus;
  private final Teardown teardown;
  private final Progress progress;
  private final DhcpClient client;
  private final Optional<Path> runDirectory;
  private final Map<String, Guest> guests = new HashMap<>();
  private final Map<String, GuestProcess> processes = new HashMap<>();
  private final Map<String, Burial> burials = new LinkedHashMap<>();

  /**
   * A domain that has crashed and is gone.
   *
   * @param failures what could not be taken down
   */
  private record Burial(Crash crash, List<String> failures) {}

  /**
   * @param client for guests that ask for their addresses
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
      Progress progress,
      DhcpClient client,
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
    this.progress = progress;
    this.client = client;
    this.runDirectory = runDirectory;
  }

  synchronized void start(Station domain) throws InterruptedException {
    List<Vif> vifs = topology.vifs(domain.name());
    DomainContext context = hypervisor.create(domain.name(), Guest.pages(vifs.size()));
    teardown.add("end " + domain.name(), () -> end(domain.name(), context.id()));
    Place place = places.addStation(domain.name());
    if (domain.forwards()) {
      place.forward();
    }
    Guest guest = new Guest(domain, context, place, client, links, plane, xenbus);
    guests.put(domain.name(), guest);
    runDirectory.ifPresent(directory -> startProcess(domain.name(), guest, directory));
    for (Vif vif : vifs) {
      // Noted first: whatever is there when this fails half-way is taken down.
      teardown.add("detach " + vif.bornAs(), () -> takeDown(vif));
      attach(vif);
    }
  }

  private void startProcess(String name, Guest guest, Path directory) {
    DomainId id = guest.context().id();
    List<VifDevice> vifs = topology.vifs(name).stream().map(this::device).toList();
    GuestProcess made =
        GuestProcess.start(
            name,
            id,
            hypervisor,
            directory,
            places.station(name),
            line -> progress.note(name + ": " + line),
            crash -> crashed(crash, id, vifs));
    teardown.add("process of " + name, made::end);
    processes.put(name, made);
  }

  /** On the reaper's thread. The lab's may wait for this domain just now, and is told first. */
  private void crashed(Crash crash, DomainId id, List<VifDevice> vifs) {
    progress.note(crash.toString());
    Teardown waits = new Teardown();
    vifs.forEach(vif -> waits.add("disown " + vif.bornAs(), () -> toolstack.disown(vif)));
    // Only for those who wait: the burial tries again, and counts.
    waits.run().forEach(progress::note);
    bury(crash, id, vifs);
  }

  /** As a toolstack does: each vif is taken off, then the domain is destroyed; others go on. */
  private synchronized void bury(Crash crash, DomainId id, List<VifDevice> vifs) {
    Teardown pieces = new Teardown();
    pieces.add("destroy " + crash.domain(), () -> hypervisor.destroy(id));
    for (VifDevice vif : vifs) {
      pieces.add("detach " + vif.bornAs(), () -> detachIfThere(vif));
    }
    burials.put(crash.domain(), new Burial(crash, pieces.run()));
  }

  /** At the lab's end. A domain that has crashed is gone by now, or as far as it would go. */
  private synchronized void end(String name, DomainId id) {
    Burial burial = burials.get(name);
    if (burial == null) {
      hypervisor.destroy(id);
    } else if (!burial.failures().isEmpty()) {
      throw new IllegalStateException(String.join("; ", burial.failures()));
    }
  }

  /** The domains that have crashed so far, in that order. */
  synchronized List<Crash> crashes() {
    return burials.values().stream().map(Burial::crash).toList();
  }

  private Frontends frontends(Vif vif) {
    GuestProcess process = processes.get(vif.domain());
    return process == null ? guests.get(vif.domain()) : process;
  }

  synchronized void attach(Vif vif) throws InterruptedException {
    unlessCrashed(
        vif,
        () -> {
          connect(vif);
          guests.get(vif.domain()).configure(vif);
          awaitRunning(vif);
        });
  }

  private void connect(Vif vif) throws InterruptedException {
    frontends(vif).probe(vif);
    try {
      toolstack.attach(device(vif));
    } catch (ToolstackException | InterruptedException e) {
      removeAfter(e, vif);
      throw e;
    }
  }

  private void removeAfter(Exception cause, Vif vif) throws InterruptedException {
    try {
      frontends(vif).remove(vif);
    } catch (ToolstackException e) {
      cause.addSuppressed(e);
    }
  }

  /** What is done to a vif. */
  @FunctionalInterface
  private interface Deed {
    void run() throws InterruptedException;
  }

  /** When the vif's domain has crashed, before or meanwhile, that is why it fails. */
  private void unlessCrashed(Vif vif, Deed deed) throws InterruptedException {
    requireAlive(vif, Optional.empty());
    try {
      deed.run();
    } catch (RuntimeException e) {
      requireAlive(vif, Optional.of(e));
      throw e;
    }
  }

  private void requireAlive(Vif vif, Optional<RuntimeException> seen) {
    crash(vif.domain())
        .ifPresent(
            crash -> {
              ToolstackException failure = new ToolstackException(crash.toString());
              seen.ifPresent(failure::addSuppressed);
              throw failure;
            });
  }

  private Optional<Crash> crash(String domain) {
    return Optional.ofNullable(processes.get(domain)).flatMap(GuestProcess::crash);
  }

  /** Both devices of a vif, the guest's and dom0's. */
  private void awaitRunning(Vif vif) throws InterruptedException {
    LinkWait.untilRunning(places.station(vif.domain()).kernel(), "eth" + vif.handle());
    LinkWait.untilRunning(places.station(Lab.DOM0).kernel(), vif.device());
  }

  /** Throws {@link ToolstackException} when an end did not let go as it should. */
  synchronized void detach(Vif vif) throws InterruptedException {
    unlessCrashed(
        vif,
        () -> {
          Optional<ToolstackException> trouble = takeOff(device(vif)).map(ToolstackException::new);
          if (trouble.isPresent()) {
            removeAfter(trouble.get(), vif);
            throw trouble.get();
          }
          frontends(vif).remove(vif);
        });
  }

  /** At the lab's end. */
  private synchronized void takeDown(Vif vif) throws InterruptedException {
    detachIfThere(device(vif));
    frontends(vif).remove(vif);
  }

  /**
   * A guest that spoils its own detaching is no failure of ours: the nodes are removed whatever it
   * does, and its device ends with the backend.
   */
  private void detachIfThere(VifDevice vif) throws InterruptedException {
    String state = vif.backendPath() + "/state";
    if (hypervisor.dom0().store().readIfPresent(state).isPresent()) {
      takeOff(vif).ifPresent(progress::note);
    }
  }

  private Optional<String> takeOff(VifDevice vif) throws InterruptedException {
    return crash(vif.domainName()).isPresent()
        ? toolstack.detachCrashed(vif)
        : toolstack.detach(vif);
  }

  /** Ends a vif's backend and starts it anew; returns when frames can pass again. */
  synchronized void restartBackend(Vif vif) throws InterruptedException {
    VifDevice device = device(vif);
    unlessCrashed(
        vif,
        () -> {
          backends.restart(device.domain(), device.handle());
          toolstack.awaitReconnected(device);
          awaitRunning(vif);
        });
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
        vif.vlan().map(VifLine.Vlan::text),
        vif.mtu(),
        vif.script().name(),
        vif.script().arguments());
  }
}
