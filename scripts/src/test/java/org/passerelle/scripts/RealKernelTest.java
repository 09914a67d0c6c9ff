package org.passerelle.scripts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.passerelle.bridge.BridgedNic;
import org.passerelle.bridge.KeepNames;
import org.passerelle.bridge.NetloopNames;
import org.passerelle.bridge.RenameNames;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.xenstore.XenStore;
import org.passerelle.hypervisor.xenstore.server.StoreServer;
import org.passerelle.link.os.Capability;
import org.passerelle.link.os.Namespace;
import org.passerelle.link.os.NetlinkKernel;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Journal;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.plan.Recovery;
import org.passerelle.link.plan.Transaction;
import org.passerelle.link.rtnl.Address;
import org.passerelle.link.rtnl.Kernel;
import org.passerelle.link.rtnl.KernelDecorator;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.rtnl.LinkSpec;
import org.passerelle.link.rtnl.VethKind;
import org.passerelle.link.testing.AddressDetection;
import org.passerelle.link.testing.Extent;
import org.passerelle.link.testing.IpCommand;
import org.passerelle.link.testing.KernelState;
import org.passerelle.link.testing.KilledKernel;
import org.passerelle.link.testing.LinkWatch;
import org.passerelle.link.testing.Needs;
import org.passerelle.link.testing.Scratch;
import org.passerelle.link.testing.TestNamespaces;
import org.passerelle.link.wire.MacAddress;

/**
 * The scripts on the real kernel: dom0 in one namespace, whose eth0 leads to another one. What
 * {@code ip -j} says of dom0 before a start and after the stop is the same; so it is after a kill
 * at any step, and the ping from outside goes on.
 */
@Needs({Capability.NET_ADMIN, Capability.VETH, Capability.BRIDGE, Capability.IPROUTE2})
class RealKernelTest {
  private static final NetloopNames NAMES = new NetloopNames(0, "xenbr0", "eth0", 1);
  private static final RenameNames RENAMED = new RenameNames("eth0", "eth0");
  private static final Journal.Key KEY = new Journal.Key("boot", 1);

  /** One echo request in ten milliseconds; twenty lost ones in a row are the limit. */
  private static final int MOST_LOST = 20;

  /** Odd, so that kills before and after a step take turns all the same. */
  private static final int STRIDE = 37;

  private static final Pattern SEQUENCE = Pattern.compile("icmp_seq=(\\d+)");

  @RegisterExtension final TestNamespaces namespaces = new TestNamespaces();

  @TempDir(factory = Scratch.class)
  Path runDirectory;

  private Namespace dom0;
  private Namespace outside;
  private NetlinkKernel kernel;

  private void host() throws Exception {
    dom0 = namespaces.create();
    outside = namespaces.create();
    namespaces.wire(dom0, "eth0", outside, "w0");
    namespaces.wire(dom0, "eth1", outside, "w1");
    for (String address : List.of("192.0.2.1/24", "192.0.2.9/24", "2001:db8::1/64")) {
      namespaces.address(outside, "w0", address);
    }
    new IpCommand(dom0)
        .batch(
            List.of(
                "address add 192.0.2.10/24 broadcast 192.0.2.255 dev eth0",
                "address add 192.0.2.11/24 dev eth0",
                "address add 198.51.100.5/24 dev eth0 label eth0:b",
                "address add 203.0.113.4/25 dev eth0 valid_lft 30000 preferred_lft 20000",
                "address add 2001:db8::10/64 dev eth0",
                "address add 2001:db8::11/64 dev eth0 valid_lft 50000 preferred_lft 40000"));
    kernel = dom0.kernel();
    AddressDetection.await(kernel);
    new IpCommand(dom0)
        .batch(
            List.of(
                "route add default via 192.0.2.1",
                "route add 172.16.0.0/16 via 192.0.2.9 proto static",
                "route add 10.9.0.0/16 dev eth0 scope link metric 77",
                "route add 10.10.0.0/16 via 10.9.0.1",
                "route add 10.7.0.0/16 via 192.0.2.1 table 100",
                "route add 10.8.0.0/16 dev eth1 src 192.0.2.11",
                "route add default via 2001:db8::1",
                "route add 2001:db8:77::/48 via 2001:db8::1 metric 9",
                "neighbour add 192.0.2.200 lladdr 02:00:00:00:00:aa dev eth0 nud permanent"));
  }

  @AfterEach
  void end() {
    if (kernel != null) {
      kernel.close();
    }
  }

  private String ip(String words) throws Exception {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(words.split(" ")));
    return dom0.call(
        () -> {
          Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
          String text = new String(process.getInputStream().readAllBytes());
          assertThat(process.waitFor()).as("%s: %s", command, text).isZero();
          return text;
        });
  }

  /** As ip(8) tells it; what runs with the clock is left out. */
  private String state() throws Exception {
    return (ip("-j -d link")
            + ip("-j address")
            + sorted("-N route show table all")
            + sorted("-6 -N route show table all")
            + ip("-j neighbour show nud permanent"))
        .replaceAll("\"gc_timer\":[0-9.]+", "")
        .replaceAll("_life_time\":(?!4294967295)\\d+", "_life_time\":0")
        .replaceAll("expires \\d+sec", "expires");
  }

  private String sorted(String words) throws Exception {
    return String.join("\n", ip(words).lines().sorted().toList()) + "\n";
  }

  private int run(HotplugScript script, String... arguments) {
    return dom0.call(() -> new ScriptRun(script, kernel, runDirectory).run(arguments));
  }

  /** On other kernels the guest's network-bridge test sees the same from outside. */
  @Test
  @Tag("host")
  void stopLeavesWhatWasBeforeStart() throws Exception {
    host();
    String before = state();
    assertThat(run(new NetworkBridge(), "start")).isZero();
    assertThat(ip("-br address show dev eth0"))
        .contains("192.0.2.10/24", "192.0.2.11/24", "198.51.100.5/24", "203.0.113.4/25")
        .contains("2001:db8::10/64", "2001:db8::11/64", "fe80::");
    assertThat(ip("address show dev peth0") + ip("address show dev vif0.0")).doesNotContain("inet");
    assertThat(ip("address show dev eth0")).doesNotContain("nodad", "tentative");
    assertThat(sorted("route")).contains("172.16.0.0/16 via 192.0.2.9 dev eth0 proto static");
    assertThat(sorted("-6 route")).contains("default via 2001:db8::1 dev eth0 metric 1024");
    String started = state();
    assertThat(run(new NetworkBridge(), "start")).isZero();
    assertThat(state()).isEqualTo(started);
    assertThat(run(new NetworkBridge(), "stop")).isZero();
    assertThat(state()).isEqualTo(before);
    assertThat(run(new NetworkBridge(), "stop")).isZero();
    assertThat(state()).isEqualTo(before);
  }

  /** Under emulation only the processor would be judged. */
  @Tag("timed")
  @ParameterizedTest
  @ValueSource(strings = {"192.0.2.10", "2001:db8::10"})
  void dom0AnswersAllTheTime(String address) throws Exception {
    host();
    Process ping =
        outside.call(
            () -> new ProcessBuilder("ping", "-n", "-i", "0.01", "-w", "5", address).start());
    List<String> answers = new ArrayList<>();
    Thread reader =
        Thread.ofPlatform().start(() -> ping.inputReader().lines().forEach(answers::add));
    Thread.sleep(500);
    assertThat(run(new NetworkBridge(), "start")).isZero();
    Thread.sleep(500);
    assertThat(run(new NetworkBridge(), "stop")).isZero();
    ping.waitFor();
    reader.join();
    assertThat(longestLoss(answers)).isLessThanOrEqualTo(MOST_LOST);
  }

  private static int longestLoss(List<String> lines) {
    int last = 0;
    int longest = 0;
    int answers = 0;
    for (String line : lines) {
      Matcher matcher = SEQUENCE.matcher(line);
      if (matcher.find()) {
        int sequence = Integer.parseInt(matcher.group(1));
        longest = Math.max(longest, sequence - last - 1);
        last = sequence;
        answers++;
      }
    }
    assertThat(answers).as("%s", lines).isGreaterThan(50);
    return longest;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void bothWaysWork(boolean live) throws Exception {
    assumeKernelCan(live);
    host();
    String before = state();
    for (BridgedNic nic : List.of(NAMES, RENAMED)) {
      apply(nic.start(new Host(kernel), live));
      assertThat(nic.start(new Host(kernel), live).steps()).isEmpty();
      apply(nic.stop(new Host(kernel), live));
      LinkWatch.await(kernel);
      assertThat(state()).as("%s", nic).isEqualTo(before);
    }
  }

  private static void assumeKernelCan(boolean live) {
    assumeTrue(
        !live || KernelRelease.renamesLive(), "needs Linux 6.2, to rename a link that is up");
  }

  private void apply(Plan plan) {
    apply(plan, kernel);
  }

  private void apply(Plan plan, Kernel there) {
    try (Journal journal = new Journal(runDirectory, KEY, "test")) {
      new Transaction(there, journal, () -> false).run(plan);
    }
  }

  /** systemd-networkd takes a bridge's addresses back when its NIC leaves it. */
  @Test
  void addressesThatSomebodyTakesDuringAStopAreNoHindrance() throws Exception {
    host();
    String before = state();
    BridgedNic keep = new KeepNames("xenbr0", "eth0");
    apply(keep.start(new Host(kernel), true));
    List<Address> taken = new ArrayList<>();
    Kernel another =
        new KernelDecorator(kernel) {
          @Override
          public void remove(Address address) {
            kernel.remove(address);
            taken.add(address);
            super.remove(address);
          }
        };
    apply(keep.stop(new Host(kernel), true), another);
    assertThat(taken).hasSizeGreaterThan(5);
    assertThat(state()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aKillBeforeOrAfterAnyStepIsUndone(boolean live) throws Exception {
    assumeKernelCan(live);
    host();
    for (BridgedNic nic : killed()) {
      killedAtEachStep(live, nic::start);
      apply(nic.start(new Host(kernel), live));
      LinkWatch.await(kernel);
      AddressDetection.await(kernel);
      killedAtEachStep(live, nic::stop);
      apply(nic.stop(new Host(kernel), live));
    }
  }

  /** Where the processor is emulated, that which renames, as kernels do differently. */
  private static List<BridgedNic> killed() {
    List<BridgedNic> all = List.of(NAMES, RENAMED);
    return all.subList(Extent.usual(0, 1), all.size());
  }

  private void killedAtEachStep(boolean live, BiFunction<Host, Boolean, Plan> planner)
      throws Exception {
    int steps = planner.apply(new Host(kernel), live).steps().size();
    assertThat(steps).isGreaterThan(15);
    for (int step = 0; step < steps; step += Extent.stride(3, STRIDE)) {
      KernelState before = links();
      Plan plan = planner.apply(new Host(kernel), live);
      killedAt(step, plan, step % 2 == 0);
      recover();
      LinkWatch.await(kernel);
      AddressDetection.await(kernel);
      assertThat(before.differencesFrom(links()))
          .as("killed at %s", plan.steps().get(step))
          .isEmpty();
    }
  }

  private KernelState links() {
    return KernelState.ignoringLifetimes(kernel);
  }

  private void killedAt(int step, Plan plan, boolean afterwards) throws IOException {
    try (Journal journal = new Journal(runDirectory, KEY, "test")) {
      new Transaction(new KilledKernel(kernel, step, afterwards), journal, () -> false).run(plan);
      throw new AssertionError("not killed");
    } catch (KilledKernel.Killed killed) {
      assertThat(killed).hasNoCause();
    }
  }

  private void recover() {
    List<String> report = new ArrayList<>();
    new Recovery(runDirectory, KEY, kernel, report::add, proof -> false).run();
    assertThat(report).noneMatch(line -> line.startsWith("not undone"));
  }

  @Test
  void aVifIsAttachedAndReleased() throws Exception {
    host();
    assertThat(run(new NetworkBridge(), "start")).isZero();
    kernel.create(LinkSpec.of("vif7.0", new VethKind("guest")));
    try (StoreServer server = new StoreServer();
        XenStore store = server.connect(DomainId.DOM0)) {
      store.write("backend/vif/7/0/bridge", "xenbr0");
      ScriptRun script =
          new ScriptRun(new VifBridge(), kernel, runDirectory)
              .with(store)
              .with("XENBUS_PATH", "backend/vif/7/0")
              .with("vif", "vif7.0");
      assertThat(dom0.<Integer>call(() -> script.run("online", "type_if=vif"))).isZero();
      assertThat(script.err()).isEmpty();
      assertThat(store.read("backend/vif/7/0/hotplug-status")).isEqualTo("connected");
      Link vif = kernel.link("vif7.0").orElseThrow();
      assertThat(vif.mac()).isEqualTo(MacAddress.VIF);
      assertThat(vif.master()).isEqualTo(kernel.link("xenbr0").orElseThrow().index());
      assertThat(ip("address show dev vif7.0")).doesNotContain("inet6");
      assertThat(dom0.<Integer>call(() -> script.run("offline", "type_if=vif"))).isZero();
      assertThat(kernel.link("vif7.0").orElseThrow().master()).isZero();
    }
  }
}
