package org.passerelle.lab.run;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.passerelle.hypervisor.HypervisorException;
import org.passerelle.hypervisor.embedded.GuestDomain;
import org.passerelle.hypervisor.xenstore.StoreException;
import org.passerelle.link.os.Namespace;
import org.passerelle.netback.DataPlane;
import org.passerelle.netback.NetfrontBus;
import org.passerelle.netback.XenbusThread;

/**
 * A guest in a process of its own: enters at its domain's door, and runs a netfront for each of the
 * domain's vifs, with an interface in a network namespace, for as long as the host is there.
 */
public final class GuestRunner {
  private static final Logger LOG = System.getLogger(GuestRunner.class.getName());
  private static final long RETRY_MILLIS = 100;

  private final Path door;
  private final Namespace namespace;
  private final Consumer<String> say;

  /**
   * @param namespace gets the guest's interfaces; the caller's to close
   * @param say is told, in a line each, that a domain was entered and that its host is gone
   */
  public GuestRunner(Path door, Namespace namespace, Consumer<String> say) {
    this.door = door;
    this.namespace = namespace;
    this.say = say;
  }

  /**
   * Runs one domain to its host's end, and frees all of it.
   *
   * @throws HypervisorException when it is not let in, and why
   */
  public void runOnce() throws InterruptedException {
    Teardown teardown = new Teardown();
    try {
      runOnce(new GuestLinks(LinkMaker.choose(teardown), namespace));
    } finally {
      teardown.run().forEach(failure -> LOG.log(Level.WARNING, failure));
    }
    say.accept("the host at " + door + " is gone");
  }

  private void runOnce(GuestLinks links) throws InterruptedException {
    try (GuestDomain domain = GuestDomain.attach(door);
        DataPlane plane = new DataPlane();
        XenbusThread xenbus = new XenbusThread()) {
      say.accept(domain.id() + ": inside at " + door);
      NetfrontBus bus = new NetfrontBus(domain, links, plane, xenbus);
      // Ends at the latest with the domain: without a store there is nothing to stay for.
      Thread.ofPlatform().daemon().name("passerelle-host-watch").start(() -> watch(domain, bus));
      serve(bus, domain);
    }
  }

  private static void watch(GuestDomain domain, NetfrontBus bus) {
    domain.awaitHostGone();
    bus.hostGone();
  }

  private static void serve(NetfrontBus bus, GuestDomain domain) throws InterruptedException {
    try {
      bus.serve();
    } catch (StoreException e) {
      LOG.log(Level.DEBUG, "{0}: there is no store: {1}", domain.id(), e.getMessage());
    }
  }

  /** Runs whatever domain has its door there, one after the other, until interrupted. */
  public void runForEver() throws InterruptedException {
    while (true) {
      try {
        runOnce();
      } catch (HypervisorException e) {
        LOG.log(Level.DEBUG, "nobody opens: {0}", e.getMessage());
      }
      Thread.sleep(RETRY_MILLIS);
    }
  }
}
