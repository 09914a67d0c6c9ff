package org.passerelle.scripts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.passerelle.bridge.BridgeKind;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.xenstore.XenStore;
import org.passerelle.hypervisor.xenstore.server.StoreServer;
import org.passerelle.link.fake.FakeKernel;
import org.passerelle.link.rtnl.Address;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.link.rtnl.LinkSpec;
import org.passerelle.link.rtnl.Route;
import org.passerelle.link.rtnl.VethKind;
import org.passerelle.link.testing.KernelState;
import org.passerelle.link.wire.IpPrefix;
import org.passerelle.link.wire.MacAddress;
import org.passerelle.link.wire.VlanId;
import org.passerelle.vlan.VlanKind;

/** A vif that is attached again has what its words say now, and nothing that they said before. */
class OtherWordsTest {
  /** The scripts of all modes, and a vif's words. */
  private record Call(ScriptName name, Map<String, String> words) {}

  private static final String BACKEND = "backend/vif/7/0";

  private static final List<Map<String, String>> WORDS =
      List.of(
          Map.of("ip", "10.0.7.1"),
          Map.of("ip", "10.0.7.128", "forward", "tcp:8080:80"),
          Map.of("ip", "10.0.7.1 10.0.7.2", "forward", "tcp:8080:81,udp:53:53"),
          Map.of("ip", "2001:db8::7 2001:db8::8"),
          Map.of("ip", "10.0.9.9/32 2001:db8::8", "services", "tcp:22"),
          Map.of("ip", "10.0.7.1", "antispoof", "yes"));

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(
      value = ScriptName.class,
      names = {"VIF_NAT", "VIF_ROUTE"})
  void onlyTheLastOfThemCount(ScriptName name) throws IOException {
    for (Map<String, String> second : WORDS) {
      State alone = after(name, List.of(second));
      for (Map<String, String> first : WORDS) {
        State both = after(name, List.of(first, second));
        assertThat(alone.kernel().differencesFrom(both.kernel()))
            .as("%s: %s after %s", name, second, first)
            .isEmpty();
        assertThat(both.marks())
            .as("%s: %s after %s", name, second, first)
            .isEqualTo(alone.marks());
      }
    }
  }

  /** A host's toolstack may be given another script while its guests run. */
  @ParameterizedTest
  @EnumSource(
      value = ScriptName.class,
      names = {"VIF_BRIDGE", "VIF_NAT", "VIF_ROUTE"})
  void whateverScriptReleasesItNothingIsLeft(ScriptName name) throws IOException {
    State never = after(List.of());
    for (Call first : calls().toList()) {
      State both = after(List.of(first), List.of(name));
      assertThat(both.marks()).as("%s after %s", name, first).isEqualTo(never.marks());
      assertThat(both.kernel().routes())
          .as("%s after %s", name, first)
          .isEqualTo(never.kernel().routes());
      assertThat(both.kernel().settings())
          .filteredOn(one -> one.startsWith("table") || one.startsWith("DHCP"))
          .as("%s after %s", name, first)
          .allMatch(never.kernel().settings()::contains);
      assertThat(both.ofVif(both.kernel().addresses()))
          .as("%s after %s", name, first)
          .isEqualTo(never.ofVif(never.kernel().addresses()));
      assertThat(both.ofVif(both.kernel().links()))
          .as("%s after %s", name, first)
          .singleElement(STRING)
          .contains(" master none ");
    }
  }

  @Test
  void whatAnAdministratorRoutesByTheVifStays() throws IOException {
    List<Route> own =
        Stream.of("2001:db8::99", "10.9.9.9")
            .map(one -> Route.onLink(IpPrefix.parse(one), "vif7.0", Optional.empty(), 0))
            .toList();
    FakeKernel kernel = host();
    try (StoreServer server = new StoreServer();
        XenStore store = server.connect(DomainId.DOM0)) {
      online(nat("10.0.7.1 2001:db8::7"), kernel, directory, store);
      own.forEach(kernel::add);
      online(nat("10.0.7.2 2001:db8::8"), kernel, directory, store);
      assertThat(kernel.routes("vif7.0"))
          .extracting(Route::destination)
          .contains(IpPrefix.parse("2001:db8::99"), IpPrefix.parse("10.9.9.9"))
          .contains(IpPrefix.parse("2001:db8::8"))
          .doesNotContain(IpPrefix.parse("2001:db8::7"));
    }
  }

  private static Call nat(String ip) {
    return new Call(ScriptName.VIF_NAT, Map.of("ip", ip));
  }

  /** Whatever mode it had before, and by whatever way out. */
  @ParameterizedTest
  @EnumSource(
      value = ScriptName.class,
      names = {"VIF_BRIDGE", "VIF_NAT", "VIF_ROUTE"})
  void onlyTheLastModeCounts(ScriptName name) throws IOException {
    for (Call second : calls().filter(call -> call.name() == name).toList()) {
      State alone = after(List.of(second));
      for (Call first : calls().toList()) {
        State both = after(List.of(first, second));
        assertThat(alone.kernel().differencesFrom(both.kernel()))
            .as("%s after %s", second, first)
            .isEmpty();
        assertThat(both.marks()).as("%s after %s", second, first).isEqualTo(alone.marks());
      }
    }
  }

  private static Stream<Call> calls() {
    Map<String, String> bridged = Map.of("bridge", "xenbr0", "ip", "10.0.7.1");
    Map<String, String> told = Map.of("ip", "10.0.7.1", "dhcp", "yes", "forward", "tcp:80:80");
    Map<String, String> untold = Map.of("ip", "10.0.7.1 2001:db8::7", "dhcp", "no");
    Map<String, String> elsewhere = Map.of("ip", "10.0.7.1 2001:db8::7", "netdev", "eth2");
    return Stream.of(
        new Call(ScriptName.VIF_BRIDGE, bridged),
        new Call(ScriptName.VIF_BRIDGE, Map.of("bridge", "xenbr0", "vlan", "1p/100")),
        new Call(ScriptName.VIF_NAT, told),
        new Call(ScriptName.VIF_NAT, untold),
        new Call(ScriptName.VIF_ROUTE, untold),
        new Call(ScriptName.VIF_ROUTE, elsewhere),
        new Call(ScriptName.VIF_ROUTE, Map.of()));
  }

  /** The host, and the marks that scripts have left there, by their names. */
  private record State(KernelState kernel, Map<String, String> marks) {
    /** The lines of the vif itself: its VLANs go with it. */
    List<String> ofVif(Collection<String> lines) {
      return lines.stream().filter(one -> one.startsWith("vif7.0 ")).toList();
    }
  }

  private State after(ScriptName name, List<Map<String, String>> words) throws IOException {
    return after(words.stream().map(one -> new Call(name, one)).toList());
  }

  private State after(List<Call> calls) throws IOException {
    return after(calls, List.of());
  }

  /**
   * @param releasing the script that releases the vif at last, if any
   */
  private State after(List<Call> calls, List<ScriptName> releasing) throws IOException {
    Path run = Files.createTempDirectory(directory, "run");
    FakeKernel kernel = host();
    try (StoreServer server = new StoreServer();
        XenStore store = server.connect(DomainId.DOM0)) {
      new ScriptRun(new NetworkNat(), kernel, run).succeeds("start", "dhcp=yes");
      new ScriptRun(new NetworkRoute(), kernel, run).succeeds("start");
      for (Call call : calls) {
        online(call, kernel, run, store);
        store.remove(BACKEND);
      }
      releasing.forEach(last -> script(last, kernel, run, store).succeeds("offline"));
    }
    kernel.settle();
    return new State(KernelState.of(kernel), marks(run));
  }

  private static void online(Call call, FakeKernel kernel, Path run, XenStore store) {
    store.write(BACKEND + "/mac", "00:16:3e:00:00:07");
    store.write(BACKEND + "/frontend-id", "7");
    store.write(BACKEND + "/handle", "0");
    call.words().forEach((key, value) -> store.write(BACKEND + "/" + key, value));
    script(call.name(), kernel, run, store)
        .with("netdev", call.words().getOrDefault("netdev", "eth0"))
        .succeeds("online");
  }

  private static ScriptRun script(ScriptName name, FakeKernel kernel, Path run, XenStore store) {
    return new ScriptRun(ScriptCall.script(name), kernel, run)
        .with(store)
        .with("XENBUS_PATH", BACKEND)
        .with("vif", "vif7.0");
  }

  private static FakeKernel host() {
    FakeKernel kernel = new FakeKernel();
    for (String nic : List.of("eth0", "eth1", "eth2")) {
      String number = nic.substring("eth".length());
      kernel.plug(nic, MacAddress.parse("02:00:00:00:00:0" + number));
      kernel.change(nic, LinkChange.builder().up(true).build());
      kernel.add(Address.of(nic, IpPrefix.parse("192.0." + number + ".10/24")));
    }
    addBridge(kernel, "xenbr0", "eth1");
    kernel.create(LinkSpec.of("eth1.100", new VlanKind("eth1", new VlanId(100))));
    addBridge(kernel, "vlanbr100", "eth1.100");
    kernel.create(LinkSpec.of("vif7.0", new VethKind("guest7")).withMac(MacAddress.VIF));
    return kernel;
  }

  /** With a port of its own, whose address it keeps. */
  private static void addBridge(FakeKernel kernel, String bridge, String port) {
    kernel.create(LinkSpec.of(bridge, BridgeKind.XEN.withFiltering()));
    kernel.change(port, LinkChange.builder().master(bridge).build());
  }

  private static Map<String, String> marks(Path run) throws IOException {
    Map<String, String> marks = new TreeMap<>();
    try (Stream<Path> files = Files.walk(run)) {
      for (Path file : files.filter(OtherWordsTest::isMark).toList()) {
        marks.put(
            run.relativize(file).toString(), Files.readString(file).replaceAll("time=\\d+", ""));
      }
    }
    return marks;
  }

  private static boolean isMark(Path file) {
    return Files.isRegularFile(file) && !file.toString().endsWith(RunFile.LOCK);
  }
}
