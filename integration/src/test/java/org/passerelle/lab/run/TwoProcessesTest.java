package org.passerelle.lab.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.passerelle.link.os.Capability;
import org.passerelle.link.os.Namespace;
import org.passerelle.link.os.NetlinkKernel;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.testing.Extent;
import org.passerelle.link.testing.Needs;
import org.passerelle.link.testing.TestNamespaces;
import org.passerelle.toolstack.ToolstackException;
import org.passerelle.toolstack.VifDevice;

/**
 * Netfront and netback in two processes, either of which is killed at any moment: the other one
 * notices, frees all, and serves the next.
 */
@Needs({Capability.NET_ADMIN, Capability.TAP, Capability.IPROUTE2})
@Timeout(3600)
class TwoProcessesTest {
  private static final int C_GUESTS = Extent.of(30, 600);
  private static final int JAVA_GUESTS = Extent.of(8, 200);
  private static final int HOSTS = Extent.of(12, 200);
  private static final int KINDS_OF_MOMENT = 3;

  @TempDir Path directory;
  @RegisterExtension final TestNamespaces namespaces = new TestNamespaces();
  private final long seed = Long.getLong("passerelle.seed", System.nanoTime());
  private final Random random = new Random(seed);

  /** When a process is killed. */
  private enum Moment {
    HANDSHAKE,
    TRAFFIC,
    CLOSE
  }

  private static Moment moment(int round) {
    return Moment.values()[round % KINDS_OF_MOMENT];
  }

  private String said(String victim, int round) {
    return "after " + victim + " " + round + " killed in " + moment(round) + ", seed " + seed;
  }

  /** Says now and then, and at the end, how many were killed without a trace. */
  private static void count(String victims, int round, int all) {
    int done = round + 1;
    if (done % 50 == 0 || done == all) {
      System.out.printf("%s killed: %d of %d%n", victims, done, all);
    }
  }

  /** What the survivor has. */
  private record Seen(Leftovers process, Set<String> links, List<String> store) {}

  @Test
  void aHostOutlivesItsGuests() throws Exception {
    Namespace outside = namespaces.create();
    Namespace inside = namespaces.create();
    CNetfront cNetfront = CNetfront.compile(directory);
    try (GuestHost host = new GuestHost(directory.resolve("run"), outside);
        NetlinkKernel guestKernel = inside.kernel()) {
      Supplier<Seen> seen = () -> new Seen(Leftovers.now(), links(host.kernel), nodes(host));
      killGuest(host, Moment.TRAFFIC, cGuest(cNetfront), outside, guestKernel);
      Seen before = Leftovers.settled(seen);
      for (int round = 0; round < C_GUESTS; round++) {
        killGuest(host, moment(round), cGuest(cNetfront), outside, guestKernel);
        Leftovers.awaitEqual(said("C guest", round), before, seen);
        count("C guests", round, C_GUESTS);
      }
      for (int round = 0; round < JAVA_GUESTS; round++) {
        killGuest(host, moment(round), javaGuest(inside), outside, guestKernel);
        Leftovers.awaitEqual(said("guest", round), before, seen);
        count("guests", round, JAVA_GUESTS);
      }
    }
  }

  /** Starts a guest at its door, and says whether its interface is a link to be configured. */
  @FunctionalInterface
  private interface Starter {
    Guest start(Path door) throws Exception;

    record Guest(Victim process, boolean hasLink) {}
  }

  private static Starter cGuest(CNetfront program) {
    return door -> new Starter.Guest(program.start(door), false);
  }

  private static Starter javaGuest(Namespace inside) {
    String file = "/proc/" + ProcessHandle.current().pid() + "/fd/" + inside.descriptor();
    return door ->
        new Starter.Guest(
            Victim.java("org.passerelle.cli.Main", "guest", door.toString(), "--namespace", file),
            true);
  }

  private void killGuest(
      GuestHost host, Moment moment, Starter starter, Namespace outside, NetlinkKernel guestKernel)
      throws Exception {
    CompletableFuture<String> left = new CompletableFuture<>();
    VifDevice vif = host.create("victim", left);
    Starter.Guest guest = starter.start(host.door("victim"));
    CompletableFuture<Void> busy;
    try (Victim victim = guest.process()) {
      victim.await("inside");
      busy = doing(() -> host.toolstack.attach(vif));
      if (moment == Moment.HANDSHAKE) {
        awaitTrue(() -> host.backend(vif, "state").isPresent());
        pause(30);
      } else {
        busy.join();
        if (guest.hasLink()) {
          GuestHost.configureGuest(guestKernel);
        }
        reach(outside, GuestHost.GUEST_ADDRESS);
        if (moment == Moment.CLOSE) {
          busy = doing(() -> host.toolstack.detach(vif));
        } else {
          busy = doing(() -> flood(outside, GuestHost.GUEST_ADDRESS));
        }
        pause(20);
      }
    }
    assertThat(left.get(20, TimeUnit.SECONDS)).contains("ended");
    host.toolstack.detachCrashed(vif);
    busy.join();
    host.hypervisor.destroy(vif.domain());
  }

  @Test
  void aGuestOutlivesItsHosts() throws Exception {
    Namespace inside = namespaces.create();
    Path run = directory.resolve("run");
    GuestRunner runner = new GuestRunner(run.resolve("door/guest"), inside, line -> {});
    Thread survivor = Thread.ofPlatform().start(() -> untilInterrupted(runner));
    try (NetlinkKernel kernel = inside.kernel()) {
      Supplier<Seen> seen = () -> new Seen(Leftovers.now(), links(kernel), List.of());
      killHost(run, Moment.TRAFFIC, inside, kernel);
      // The memory goes last.
      Leftovers.awaitEqual("mappings", 0L, () -> Leftovers.now().mappings());
      Leftovers.awaitEqual("threads", Map.of(), () -> Leftovers.now().threads());
      Seen before = Leftovers.settled(seen);
      for (int round = 0; round < HOSTS; round++) {
        killHost(run, moment(round), inside, kernel);
        Leftovers.awaitEqual(said("host", round), before, seen);
        count("hosts", round, HOSTS);
      }
    } finally {
      survivor.interrupt();
      survivor.join();
    }
  }

  private void killHost(Path run, Moment moment, Namespace inside, NetlinkKernel kernel)
      throws Exception {
    try (Victim host = Victim.java(HostVictim.class.getName(), run.toString())) {
      host.await("open");
      if (moment == Moment.HANDSHAKE) {
        pause(300);
        return;
      }
      host.await("connected");
      GuestHost.configureGuest(kernel);
      reach(inside, GuestHost.ADDRESS);
      if (moment == Moment.CLOSE) {
        host.tell("close");
        host.await("closing");
        pause(20);
      } else {
        doing(() -> flood(inside, GuestHost.ADDRESS));
        pause(50);
      }
    }
  }

  private static void untilInterrupted(GuestRunner runner) {
    try {
      runner.runForEver();
    } catch (InterruptedException e) {
      // as the test's end wants it
    }
  }

  /** Work that goes on while a process is killed, and may fail for that. */
  @FunctionalInterface
  private interface Work {
    void run() throws InterruptedException;
  }

  private static CompletableFuture<Void> doing(Work work) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            work.run();
          } catch (ToolstackException e) {
            // The other end was killed.
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        },
        task -> Thread.ofPlatform().start(task));
  }

  /** Frames pass: a ping is answered, at the latest when both kernels have woken to their links. */
  private static void reach(Namespace from, String address) throws InterruptedException {
    awaitTrue(() -> ping(from, "-c", "1", "-W", "1", address));
  }

  private static void flood(Namespace from, String address) {
    ping(from, "-f", "-s", "6000", "-c", "2000", "-w", "1", address);
  }

  private static boolean ping(Namespace from, String... options) {
    List<String> command = new ArrayList<>(List.of("ping", "-n", "-q"));
    command.addAll(List.of(options));
    return from.call(() -> Leftovers.succeeds(command));
  }

  private void pause(int mostMillis) throws InterruptedException {
    Thread.sleep(0, random.nextInt(999_999));
    Thread.sleep(random.nextInt(mostMillis));
  }

  private static void awaitTrue(Supplier<Boolean> condition) throws InterruptedException {
    Leftovers.awaitEqual("what is waited for", true, condition);
  }

  private static Set<String> links(NetlinkKernel kernel) {
    Set<String> names = new TreeSet<>();
    kernel.links().stream().map(Link::name).forEach(names::add);
    return names;
  }

  /** Everything below the domains, the number of the last one aside. */
  private static List<String> nodes(GuestHost host) {
    return List.of(
        host.store().list("/local/domain").toString(),
        host.store().list("/local/domain/0").toString(),
        children(host, "/local/domain/0/backend/vif"));
  }

  private static String children(GuestHost host, String path) {
    return host.store().list(path).toString();
  }
}
