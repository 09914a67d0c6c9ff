package org.passerelle.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.passerelle.link.os.Capability;
import org.passerelle.link.testing.Extent;
import org.passerelle.link.testing.Needs;
import org.passerelle.link.testing.TestNamespaces;
import org.passerelle.scripts.AttackHosts.Filter;
import org.passerelle.scripts.AttackHosts.Mode;

/**
 * antispoof against a guest with a raw socket, in every mode: what each attack comes to with the
 * filter and without it, with random tokens that tcpdump looks for at the victim and outside.
 */
@Needs({
  Capability.NET_ADMIN,
  Capability.OTHER_USERS,
  Capability.VETH,
  Capability.BRIDGE,
  Capability.IPROUTE2,
  Capability.NFTABLES,
  Capability.NFT,
  Capability.PACKET_SOCKET,
  Capability.TCPDUMP
})
class AttackTableTest {
  private static final String OTHERS =
      "table netdev others { chain c { type filter hook ingress device \"eth0\" priority filter;"
          + " counter accept; }; }; table inet others { chain c { type filter hook forward"
          + " priority filter; counter accept; }; }";
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofMillis(10);

  /**
   * Between two frames of the guest who does not stop; an emulated script takes ten times as long.
   */
  private static final Duration BREATH = Duration.ofNanos(Extent.usual(200_000, 2_000_000));

  @RegisterExtension final TestNamespaces namespaces = new TestNamespaces();
  @TempDir Path runDirectory;

  private final Random random = new Random();
  private final List<Cell> cells = new ArrayList<>();
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private AttackHosts hosts;
  private Tcpdump atVictim;
  private Tcpdump outside;

  /** How the vif got its name. */
  private enum Naming {
    FIRST_NAME(""),
    VIFNAME("web0"),
    NAME_USED_BEFORE("web0");

    private final String vifname;

    Naming(String vifname) {
      this.vifname = vifname;
    }
  }

  /** One attack in one mode, with the filter or without. */
  private record Cell(Attack attack, Mode mode, Naming naming, Filter filter, String token) {
    boolean isToPass() {
      return switch (filter) {
        case NONE -> true;
        case WHOLE -> attack.isAllowed();
        case WITHOUT_IP -> attack.isAllowed() || attack.isOfAddresses();
      };
    }

    @Override
    public String toString() {
      return attack.description() + ", " + mode + ", " + naming + ", filter " + filter;
    }
  }

  @BeforeEach
  void connect() {
    hosts = new AttackHosts(namespaces, runDirectory);
    open.push(hosts);
    atVictim = new Tcpdump(hosts.victim, "eth0");
    open.push(atVictim);
    outside = new Tcpdump(hosts.hosts.outside, "w0");
    open.push(outside);
  }

  @AfterEach
  void end() throws Exception {
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }

  @Test
  void withTheFilterNonePassesAndWithoutItEveryOneDoes() {
    RouterHosts.run(hosts.hosts.dom0, "nft '" + OTHERS + "'");
    String rules = rules();
    for (Mode mode : modes()) {
      hosts.begin(mode);
      for (Naming naming : namings()) {
        round(mode, naming, Filter.NONE);
        round(mode, naming, Filter.WHOLE);
      }
      if (mode.isBridged()) {
        round(mode, Naming.FIRST_NAME, Filter.WITHOUT_IP);
      }
      hosts.end();
    }
    String all = atVictim.since(0) + outside.since(0);
    report(all);
    assertThat(cells).filteredOn(cell -> all.contains(cell.token()) != cell.isToPass()).isEmpty();
    assertThat(cells).hasSizeGreaterThan(Extent.usual(300, 60));
    assertThat(rules()).isEqualTo(rules).contains("netdev others");
  }

  /** Where the processor is emulated, that which has most to do. */
  private static List<Naming> namings() {
    List<Naming> all = List.of(Naming.values());
    return all.subList(Extent.usual(0, all.size() - 1), all.size());
  }

  /**
   * Where the processor is emulated, those that differ most in what is before and behind the
   * filter.
   */
  private static List<Mode> modes() {
    List<Mode> all = List.of(Mode.values());
    return all.subList(0, Extent.usual(all.size(), all.indexOf(Mode.NAT) + 1));
  }

  private String rules() {
    return RouterHosts.run(hosts.hosts.dom0, "nft -s list ruleset");
  }

  private void round(Mode mode, Naming naming, Filter filter) {
    if (naming == Naming.NAME_USED_BEFORE) {
      hosts.leaveBehind(naming.vifname);
    }
    int victimFrom = atVictim.position();
    int outsideFrom = outside.position();
    List<Cell> here = new ArrayList<>();
    for (Attack attack : Attack.values()) {
      if (attack.inapplicable(mode.isBridged()).isEmpty()) {
        here.add(new Cell(attack, mode, naming, filter, token()));
      }
    }
    List<Attack.Way> ways = hosts.ways();
    startUnderFire(naming, filter, here, victimFrom, outsideFrom);
    here.stream()
        .filter(cell -> cell.attack() != Attack.LINK_UP)
        .forEach(cell -> hosts.send(frames(ways, cell)));
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!haveCome(here, victimFrom, outsideFrom) && System.nanoTime() < end) {
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    hosts.offline(naming.vifname);
    cells.addAll(here);
  }

  private static Cell named(List<Cell> cells, Attack attack) {
    return cells.stream().filter(cell -> cell.attack() == attack).findFirst().orElseThrow();
  }

  private static List<byte[]> frames(List<Attack.Way> ways, Cell cell) {
    return ways.stream().flatMap(way -> cell.attack().frames(way, cell.token()).stream()).toList();
  }

  private String token() {
    byte[] octets = new byte[8];
    random.nextBytes(octets);
    return HexFormat.of().formatHex(octets);
  }

  /** The guest sends without a pause from before the vif is connected until its way is open. */
  private void startUnderFire(
      Naming naming, Filter filter, List<Cell> here, int victimFrom, int outsideFrom) {
    List<byte[]> frames = frames(hosts.ways(), named(here, Attack.LINK_UP));
    Thread sending = Thread.ofPlatform().start(() -> sendOn(frames));
    try {
      hosts.online(naming.vifname, filter);
      awaitWay(victimFrom, outsideFrom);
    } finally {
      sending.interrupt();
      join(sending);
    }
  }

  private void sendOn(List<byte[]> frames) {
    while (!Thread.currentThread().isInterrupted()) {
      hosts.send(frames);
      LockSupport.parkNanos(BREATH.toNanos());
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Sends what is allowed until it comes to both: a new port may take a while to forward. */
  private void awaitWay(int victimFrom, int outsideFrom) {
    String token = token();
    List<Attack.Way> ways = hosts.ways();
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!atVictim.since(victimFrom).contains(token)
        || !outside.since(outsideFrom).contains(token)) {
      assertThat(System.nanoTime()).as("nothing came in " + PATIENCE).isLessThan(end);
      ways.forEach(way -> hosts.send(Attack.OWN_IPV6.frames(way, token)));
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  /** Whether all that is to pass did; what is not to is looked for at the end. */
  private boolean haveCome(List<Cell> here, int victimFrom, int outsideFrom) {
    String seen = atVictim.since(victimFrom) + outside.since(outsideFrom);
    return here.stream().filter(Cell::isToPass).allMatch(cell -> seen.contains(cell.token()));
  }

  private void report(String all) {
    System.out.printf("%-62s%-18s%-18s%-18s%n", "attack", "BRIDGE", "NAT", "ROUTE");
    for (Attack attack : Attack.values()) {
      System.out.printf("%-62s", attack.description());
      for (Mode mode : Mode.values()) {
        System.out.printf("%-18s", column(attack, mode, all));
      }
      System.out.println();
    }
    System.out.println(
        "With the filter / without it, of a first name, a vifname, and a name used before.");
    for (Attack attack : Attack.values()) {
      String why = attack.inapplicable(false);
      if (!why.isEmpty()) {
        System.out.println("n/a: " + attack.description() + ": " + why);
      }
    }
    System.out.println(
        "attacks: with the filter "
            + count(all, cell -> cell.filter() == Filter.WHOLE && !cell.attack().isAllowed(), false)
            + " stopped, without it "
            + count(all, cell -> cell.filter() == Filter.NONE && !cell.attack().isAllowed(), true)
            + " pass; what is allowed: with the filter "
            + count(all, cell -> cell.filter() == Filter.WHOLE && cell.attack().isAllowed(), true)
            + " pass");
    System.out.println(
        "with the filter, and no ip=, on a bridge: "
            + count(all, cell -> cell.filter() == Filter.WITHOUT_IP && !cell.isToPass(), false)
            + " stopped that are not of addresses alone");
  }

  private String column(Attack attack, Mode mode, String all) {
    if (!attack.inapplicable(mode.isBridged()).isEmpty()) {
      return "n/a";
    }
    return passed(attack, mode, Filter.WHOLE, all)
        + " / "
        + passed(attack, mode, Filter.NONE, all)
        + " pass";
  }

  private long passed(Attack attack, Mode mode, Filter filter, String all) {
    return cells.stream()
        .filter(cell -> cell.attack() == attack && cell.mode() == mode)
        .filter(cell -> cell.filter() == filter && all.contains(cell.token()))
        .count();
  }

  private String count(String all, Predicate<Cell> which, boolean passed) {
    List<Cell> some = cells.stream().filter(which).toList();
    long good = some.stream().filter(cell -> all.contains(cell.token()) == passed).count();
    return good + " of " + some.size();
  }
}
