package org.passerelle.scripts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.passerelle.bridge.BridgeKind;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.xenstore.StoreException;
import org.passerelle.hypervisor.xenstore.XenStore;
import org.passerelle.hypervisor.xenstore.server.StoreServer;
import org.passerelle.link.fake.FakeKernel;
import org.passerelle.link.rtnl.Kernel;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.rtnl.LinkSpec;
import org.passerelle.link.rtnl.Refusal;
import org.passerelle.link.testing.KernelState;
import org.passerelle.link.testing.KilledKernel;
import org.passerelle.link.wire.MacAddress;

/** vif-bridge as a command: the kernel in memory, a real store. */
class VifBridgeTest {
  private static final String BACKEND = "backend/vif/7/0";

  @TempDir Path runDirectory;
  private StoreServer server;
  private XenStore store;
  private FakeKernel kernel;
  private ScriptRun script;

  @BeforeEach
  void host() {
    server = new StoreServer();
    store = server.connect(DomainId.DOM0);
    store.mkdir(BACKEND);
    kernel = new FakeKernel();
    kernel.create(LinkSpec.of("xenbr0", BridgeKind.XEN).withMtu(1400));
    kernel.plug("vif7.0", MacAddress.parse("00:16:3e:00:00:07"));
    script = vif(kernel);
  }

  @AfterEach
  void end() {
    store.close();
    server.close();
  }

  private ScriptRun vif(Kernel on) {
    return new ScriptRun(new VifBridge(), on, runDirectory)
        .with(store)
        .with("XENBUS_PATH", BACKEND)
        .with("vif", "vif7.0");
  }

  private void node(String name, String value) {
    store.write(BACKEND + "/" + name, value);
  }

  private Optional<String> result(String name) {
    return store.readIfPresent(BACKEND + "/" + name);
  }

  private Link link(String name) {
    return kernel.link(name).orElseThrow();
  }

  private void failed(String message) {
    assertThat(result("hotplug-error")).contains(message);
    assertThat(result("hotplug-status")).contains("error");
    assertThat(script.err()).containsExactly("script: " + message);
  }

  /** The originals make a variable of any word, and go on. */
  @Test
  void aWordThatMeansNothingIsWarnedOfAndNoError() {
    node("bridge", "xenbr0");
    assertThat(script.run("online", "type_if=vif", "brdge=xenbr7", "offline")).isZero();
    assertThat(script.err())
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .startsWith("script: brdge=xenbr7 means nothing to vif-bridge, which has ")
                    .contains(" bridge=, "),
            line -> assertThat(line).isEqualTo("script: offline means nothing after online"));
    assertThat(result("hotplug-status")).contains("connected");
    assertThat(result("hotplug-error")).isEmpty();
  }

  @Test
  void attachesAndSaysSo() {
    node("bridge", "xenbr0");
    assertThat(script.run("online", "type_if=vif")).isZero();
    assertThat(result("hotplug-status")).contains("connected");
    assertThat(result("hotplug-error")).isEmpty();
    assertThat(store.read("/local/domain/7/device/vif/0/mtu")).isEqualTo("1400");
    assertThat(link("vif7.0").master()).isEqualTo(link("xenbr0").index());
    assertThat(link("vif7.0").isUp()).isTrue();
    assertThat(script.err()).isEmpty();
  }

  @Test
  void whatFailedBeforeIsForgottenOnceItWorks() {
    node("bridge", "brX");
    assertThat(script.run("online")).isEqualTo(1);
    node("bridge", "xenbr0");
    script.succeeds("online", "--dry-run");
    assertThat(script.out()).contains("xenstore-rm backend/vif/7/0/hotplug-error");
    failedBefore();
    script.succeeds("offline");
    failedBefore();
    script.succeeds("online");
    assertThat(result("hotplug-status")).contains("connected");
    assertThat(result("hotplug-error")).isEmpty();
  }

  private void failedBefore() {
    assertThat(result("hotplug-error")).contains("Could not find bridge device brX");
    assertThat(result("hotplug-status")).contains("error");
  }

  @Test
  void releasesAndTellsNobody() {
    node("bridge", "xenbr0");
    script.run("online");
    node("hotplug-status", "before");
    assertThat(script.run("offline", "type_if=vif")).isZero();
    assertThat(link("vif7.0").master()).isZero();
    assertThat(link("vif7.0").isUp()).isFalse();
    assertThat(result("hotplug-status")).contains("before");
  }

  @Test
  void releasesWhatIsGoneAndWithoutAStore() {
    kernel.delete("xenbr0");
    assertThat(script.run("offline")).isZero();
    ScriptRun alone =
        new ScriptRun(new VifBridge(), new FakeKernel(), runDirectory)
            .with("XENBUS_PATH", BACKEND)
            .with("vif", "vif7.0");
    assertThat(alone.run("offline")).isZero();
    assertThat(alone.err()).singleElement().asString().endsWith("EIO; going on without");
  }

  @Test
  void theStoreComesBeforeTheCommandLineBeforeTheEnvironment() {
    kernel.create(LinkSpec.of("br-arg", BridgeKind.XEN));
    kernel.create(LinkSpec.of("br-env", BridgeKind.XEN));
    script.with("bridge", "br-env");
    assertThat(script.run("online")).isZero();
    assertThat(link("vif7.0").master()).isEqualTo(link("br-env").index());
    assertThat(script.run("bridge=br-arg", "online")).isZero();
    assertThat(link("vif7.0").master()).isEqualTo(link("br-arg").index());
    node("bridge", "xenbr0");
    assertThat(script.run("bridge=br-arg", "online")).isZero();
    assertThat(link("vif7.0").master()).isEqualTo(link("xenbr0").index());
  }

  @Test
  void theGuestsMtuGoesToTheGuestWhateverTheDeviceIsCalled() {
    node("vifname", "web0");
    node("mtu", "9000");
    assertThat(script.run("online")).isZero();
    assertThat(link("web0").mtu()).isEqualTo(9000);
    assertThat(store.read("/local/domain/7/device/vif/0/mtu")).isEqualTo("9000");
    assertThat(store.readIfPresent("/local/domain/web0/device/vif/web0/mtu")).isEmpty();
    assertThat(script.run("offline")).isZero();
    assertThat(link("web0").master()).isZero();
  }

  @Test
  void failuresReachTheToolstackInTheOriginalsWords() {
    node("bridge", "brX");
    assertThat(script.run("online")).isEqualTo(1);
    failed("Could not find bridge device brX");
    node("bridge", "xenbr0");
    node("vifname", "web0");
    kernel.plug("web0", MacAddress.VIF);
    assertThat(script.run("online")).isEqualTo(1);
    failed("Cannot rename interface vif7.0. An interface with name web0 already exists.");
    kernel.delete("xenbr0");
    store.remove(BACKEND + "/bridge");
    store.remove(BACKEND + "/vifname");
    assertThat(script.run("online")).isEqualTo(1);
    failed("Could not find bridge, and none was specified");
  }

  @ParameterizedTest
  @ValueSource(strings = {"v%d", "a/b", "..", "two\nlines", "a:b"})
  void aVifnameThatIsNoNameIsRefused(String name) {
    node("vifname", name);
    KernelState before = KernelState.of(kernel);
    assertThat(script.run("online")).isEqualTo(1);
    assertThat(result("hotplug-error"))
        .hasValueSatisfying(text -> assertThat(text).contains("cannot be a device's name"));
    assertThat(KernelState.of(kernel)).isEqualTo(before);
  }

  /** The store may have done it before the connection broke, or not have been asked. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anAnswerThatIsLostIsLookedFor(boolean committed) {
    script.with(breaking(committed));
    assertThat(script.run("online")).isEqualTo(committed ? 0 : 1);
    assertThat(result("hotplug-status")).contains(committed ? "connected" : "error");
    assertThat(link("vif7.0").isUp()).isEqualTo(committed);
  }

  /** The store, whose connection breaks at the end of the first transaction. */
  private XenStore breaking(boolean committed) {
    AtomicInteger transactions = new AtomicInteger();
    return (XenStore)
        Proxy.newProxyInstance(
            XenStore.class.getClassLoader(),
            new Class<?>[] {XenStore.class},
            (proxy, method, arguments) -> {
              boolean breaks =
                  method.getName().equals("transaction") && transactions.getAndIncrement() == 0;
              Object result = breaks && !committed ? null : method.invoke(store, arguments);
              if (breaks) {
                throw new StoreException("commit", "EIO", new IOException("reset"));
              }
              return result;
            });
  }

  @Test
  void aRefusalOfTheKernelIsUndoneAndTold() {
    KernelState before = KernelState.of(kernel);
    kernel.failAfter(3, Refusal.EBUSY);
    assertThat(script.run("online")).isEqualTo(1);
    assertThat(result("hotplug-error"))
        .hasValueSatisfying(
            text ->
                assertThat(text)
                    .contains("change vif7.0: EBUSY (16, Device or resource busy)")
                    .endsWith("; everything is as before"));
    assertThat(KernelState.of(kernel)).isEqualTo(before);
  }

  @Test
  void whatNobodyExpectedReachesTheToolstackToo() {
    InvocationHandler broken =
        (proxy, method, arguments) -> {
          throw new IllegalStateException("torn\n  in two");
        };
    Kernel torn =
        (Kernel)
            Proxy.newProxyInstance(
                Kernel.class.getClassLoader(), new Class<?>[] {Kernel.class}, broken);
    script = vif(torn);
    assertThat(script.run("online", "bridge=xenbr0")).isEqualTo(1);
    assertThat(result("hotplug-status")).contains("error");
    assertThat(result("hotplug-error"))
        .hasValueSatisfying(
            text ->
                assertThat(text)
                    .startsWith("unexpected, please report it: ")
                    .contains("IllegalStateException: torn in two at ")
                    .doesNotContain("\n"));
    assertThat(script.err()).hasSize(1);
  }

  @Test
  void plansOnlyWhenNobodyIsUndoingAnyMore() throws Exception {
    assertThatExceptionOfType(KilledKernel.Killed.class)
        .isThrownBy(() -> vif(new KilledKernel(kernel, 3, true)).run("online"));
    List<Future<Integer>> other = new ArrayList<>();
    try (ExecutorService second = Executors.newSingleThreadExecutor()) {
      ScriptLog log =
          (level, line) -> {
            if (other.isEmpty()) {
              other.add(second.submit(() -> script.run("online", "bridge=xenbr0")));
              assertThatExceptionOfType(TimeoutException.class)
                  .isThrownBy(() -> other.getFirst().get(500, TimeUnit.MILLISECONDS));
            }
          };
      assertThat(new Recover().run(quiet(log))).isZero();
      assertThat(other.getFirst().get()).isZero();
    }
    assertThat(result("hotplug-status")).contains("connected");
    assertThat(link("vif7.0").master()).isEqualTo(link("xenbr0").index());
    assertThat(script.err()).isEmpty();
  }

  private ScriptContext quiet(ScriptLog log) {
    return new ScriptContext(
        "recover",
        List.of(),
        Map.of(),
        kernel,
        () -> store,
        System.out,
        System.err,
        runDirectory,
        log,
        () -> false);
  }

  @Test
  void journalsThatCannotBeReadStopNobody() throws IOException {
    Files.createDirectories(runDirectory.resolve("journal/a.journal"));
    assertThat(script.run("online", "bridge=xenbr0")).isZero();
    assertThat(result("hotplug-status")).contains("connected");
    assertThat(script.err()).singleElement().asString().contains("a.journal is left as it is");
  }

  @Test
  void aVifWithVlansIsInEachOfTheirBridges() {
    kernel.plug("eth0", MacAddress.parse("52:54:00:00:00:01"));
    new ScriptRun(new NetworkBridgeVlan(), kernel, runDirectory).run("start", "vlan=100");
    new ScriptRun(new NetworkBridgeVlan(), kernel, runDirectory).run("start", "vlan=200");
    node("bridge", "xenbr0");
    node("vlan", "100p/200");
    assertThat(script.run("online")).isZero();
    assertThat(script.err()).containsExactly("script: vlan=: untagged 100, tagged 200");
    assertThat(result("hotplug-status")).contains("connected");
    assertThat(link("vif7.0").master()).isEqualTo(link("vlanbr100").index());
    assertThat(link("vif7.0.200").master()).isEqualTo(link("vlanbr200").index());
    assertThat(store.read("/local/domain/7/device/vif/0/mtu")).isEqualTo("1500");
    assertThat(script.run("offline")).isZero();
    assertThat(link("vif7.0").master()).isZero();
    assertThat(kernel.link("vif7.0.200")).isEmpty();
  }

  @Test
  void doesNotConnectWhatItCannotKeepApart() {
    node("vlan", "100");
    assertThat(script.run("online")).isEqualTo(1);
    failed("no bridge has VLAN 100; network-bridge-vlan start vlan=100 makes one");
    node("vlan", "100,200");
    assertThat(script.run("online")).isEqualTo(1);
    failed("vlan=100,200: \"100,200\" is none of 100, 10p, 100-110 and 100+10x4");
    assertThat(link("vif7.0").master()).isZero();
    node("vlan", "100p/200");
    assertThat(script.run("online", "antispoof=yes")).isEqualTo(1);
    failed(
        "antispoof=yes cannot be had for a vif that tags its frames (vlan=: untagged 100, tagged"
            + " 200), so it is not attached; give it a vif for each VLAN");
    assertThat(link("vif7.0").master()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "many", "123456", "1e3"})
  void refusesAnMtuThatIsNone(String mtu) {
    node("mtu", mtu);
    assertThat(script.run("online")).isEqualTo(1);
    failed("backend/vif/7/0/mtu: " + mtu + " is not a number of octets");
  }

  @Test
  void aWrongCommandIsLoggedAndNotForTheToolstack() {
    assertThat(script.run("upline")).isEqualTo(1);
    assertThat(script.err()).containsExactly("script: Invalid command: upline");
    assertThat(result("hotplug-status")).isEmpty();
    assertThat(script.run("online", "type_if=wifi")).isEqualTo(1);
    assertThat(script.err()).containsExactly("script: unknown interface type wifi");
  }

  @Test
  void tapsAreAddedAndVifsAreNot() {
    assertThat(script.run("add", "type_if=vif")).isZero();
    assertThat(script.run("online", "type_if=tap")).isZero();
    assertThat(link("vif7.0").master()).isZero();
    assertThat(result("hotplug-status")).isEmpty();
    kernel.plug("vif7.0-emu", MacAddress.parse("00:16:3e:00:00:08"));
    script.with("INTERFACE", "vif7.0-emu");
    store.write("/local/domain/0/backend/vif/7/0/bridge", "xenbr0");
    assertThat(script.run("add", "type_if=tap")).isZero();
    assertThat(link("vif7.0-emu").isUp()).isTrue();
    assertThat(link("vif7.0-emu").master()).isEqualTo(link("xenbr0").index());
    assertThat(result("hotplug-status")).isEmpty();
    assertThat(script.run("remove", "type_if=tap")).isZero();
    assertThat(link("vif7.0-emu").master()).isZero();
  }

  @Test
  void leavesTheWorkToLibxlWhereLibxlDoesIt() {
    store.write("libxl/disable_udev", "1");
    script.with("UDEV_CALL", "1");
    assertThat(script.run("online")).isZero();
    assertThat(link("vif7.0").master()).isZero();
  }

  @Test
  void saysWhatItMustKnow() {
    ScriptRun bare = new ScriptRun(new VifBridge(), kernel, runDirectory).with(store);
    assertThat(bare.run("online")).isEqualTo(1);
    assertThat(bare.err()).singleElement().asString().startsWith("script: vif is not set: ");
    script.with("XENBUS_PATH", "backend/vif/../../0");
    assertThat(script.run("online")).isEqualTo(1);
    assertThat(script.err())
        .singleElement()
        .asString()
        .contains("XENBUS_PATH=backend/vif/../../0 is not backend/vif/<domid>/<devid>");
  }

  @Test
  void printsAPlanAndTouchesNothing() {
    KernelState before = KernelState.of(kernel);
    node("bridge", "xenbr0");
    assertThat(script.run("online", "--dry-run")).isZero();
    assertThat(script.out())
        .hasSize(7)
        .contains(
            "ip link set dev vif7.0 master xenbr0                          # a port of the bridge",
            "xenstore-write /local/domain/7/device/vif/0/mtu '1400'",
            "xenstore-write backend/vif/7/0/hotplug-status 'connected'");
    assertThat(KernelState.of(kernel)).isEqualTo(before);
    assertThat(result("hotplug-status")).isEmpty();
    assertThat(runDirectory).isEmptyDirectory();
  }
}
