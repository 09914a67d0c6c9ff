package org.passerelle.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
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

/** Vifs' scripts act on the vif of their directory, and on nothing else that a host has. */
class GivenDeviceTest {
  private static final String BACKEND = "backend/vif/7/0";

  @TempDir Path runDirectory;
  private StoreServer server;
  private XenStore store;
  private FakeKernel kernel;

  @BeforeEach
  void host() {
    server = new StoreServer();
    store = server.connect(DomainId.DOM0);
    kernel = new FakeKernel();
    kernel.plug("eth0", MacAddress.parse("02:00:00:00:00:01"));
    up("eth0");
    kernel.add(Address.of("eth0", IpPrefix.parse("192.0.2.10/24")));
    kernel.add(Route.via(IpPrefix.parse("0.0.0.0/0"), IpPrefix.address("192.0.2.1"), "eth0"));
    kernel.create(LinkSpec.of("xenbr0", BridgeKind.XEN));
    up("xenbr0");
    kernel.create(LinkSpec.of("vif7.0", new VethKind("guest7")).withMac(MacAddress.VIF));
    store.write(BACKEND + "/ip", "10.0.7.1");
  }

  private void up(String device) {
    kernel.change(device, LinkChange.builder().up(true).build());
  }

  @AfterEach
  void end() {
    store.close();
    server.close();
  }

  private ScriptRun vif(ScriptName name, String device, String path) {
    return new ScriptRun(ScriptCall.script(name), kernel, runDirectory)
        .with(store)
        .with("XENBUS_PATH", path)
        .with("vif", device);
  }

  /** Both ways of calling it change nothing, and the toolstack is told why. */
  private void isRefused(ScriptName name, String device, String path, String message) {
    KernelState before = KernelState.of(kernel);
    store.mkdir(path);
    for (String command : new String[] {"online", "offline"}) {
      ScriptRun script = vif(name, device, path);
      assertThat(script.run(command)).as("%s %s", name, command).isEqualTo(1);
      assertThat(script.err()).containsExactly("script: " + message);
      assertThat(store.read(path + "/hotplug-error")).isEqualTo(message);
      assertThat(store.read(path + "/hotplug-status")).isEqualTo("error");
      assertThat(before.differencesFrom(KernelState.of(kernel))).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = ScriptName.class,
      names = {"VIF_.*"},
      mode = EnumSource.Mode.MATCH_ALL)
  void anotherDeviceIsRefusedAndStaysAsItIs(ScriptName name) {
    String instead =
        ", and not the vif of backend/vif/7/0, so nothing is done to it; pass vif=vif7.0";
    isRefused(
        name,
        "eth0",
        BACKEND,
        "vif=eth0: that is dom0's way outside (the default route's device)" + instead);
    isRefused(name, "xenbr0", BACKEND, "vif=xenbr0: that is a device of kind bridge" + instead);
    isRefused(name, "lo", BACKEND, "vif=lo: that is a device of dom0's own" + instead);
    isRefused(name, "vif7", BACKEND, "vif=vif7: that is no device of this host" + instead);
  }

  @ParameterizedTest
  @EnumSource(
      value = ScriptName.class,
      names = {"VIF_.*"},
      mode = EnumSource.Mode.MATCH_ALL)
  void oneGuestsVifIsNotSetByAnothersWords(ScriptName name) {
    kernel.plug("vif2.0", MacAddress.VIF);
    isRefused(
        name,
        "vif2.0",
        BACKEND,
        "vif2.0 and XENBUS_PATH=backend/vif/7/0 are not of one vif: that directory is vif7.0's;"
            + " nothing is done");
  }

  @Test
  void norIsATapByTheDirectoryOfAnotherVif() {
    kernel.plug("vif2.0-emu", MacAddress.VIF);
    store.mkdir("backend/vif/2/0");
    KernelState before = KernelState.of(kernel);
    ScriptRun script =
        vif(ScriptName.VIF_BRIDGE, "vif7.0", BACKEND).with("INTERFACE", "vif2.0-emu");
    assertThat(script.run("add", "type_if=tap")).isEqualTo(1);
    assertThat(script.err())
        .containsExactly(
            "script: vif2.0-emu and XENBUS_PATH=backend/vif/7/0 are not of one vif: that directory"
                + " is vif7.0's; nothing is done");
    assertThat(before.differencesFrom(KernelState.of(kernel))).isEmpty();
    script.with("XENBUS_PATH", "backend/vif/2/0").succeeds("add", "type_if=tap");
    script.with("XENBUS_PATH", "").succeeds("remove", "type_if=tap");
  }

  /** Xen 3.1's netloop, and ours: vif0.0 is dom0's own port, and its other end dom0's eth0. */
  @Test
  void dom0sOwnPairIsNoGuests() {
    kernel.create(LinkSpec.of("veth0", new VethKind("vif0.0")));
    isRefused(
        ScriptName.VIF_BRIDGE,
        "vif0.0",
        "backend/vif/0/0",
        "vif=vif0.0: that is dom0's own, with veth0 one pair, and no guest's vif; pass the"
            + " guest's, as vif=vif7.0 with XENBUS_PATH=backend/vif/7/0");
  }

  /** In a driver domain dom0 is a guest as others are. */
  @Test
  void aVifOfDom0sIsServedElsewhere() {
    kernel.plug("vif0.0", MacAddress.VIF);
    vif(ScriptName.VIF_BRIDGE, "vif0.0", "backend/vif/0/0").succeeds("online", "bridge=xenbr0");
    assertThat(store.read("backend/vif/0/0/hotplug-status")).isEqualTo("connected");
  }

  /** As udev does it, which hears the name that a device has. */
  @ParameterizedTest
  @EnumSource(
      value = ScriptName.class,
      names = {"VIF_.*"},
      mode = EnumSource.Mode.MATCH_ALL)
  void aRenamedVifIsKnownByEitherName(ScriptName name) {
    store.write(BACKEND + "/vifname", "web0");
    vif(name, "vif7.0", BACKEND).succeeds("online");
    assertThat(kernel.link("web0").orElseThrow().isUp()).isTrue();
    vif(name, "web0", BACKEND).succeeds("online");
    assertThat(kernel.link("web0").orElseThrow().alias()).isEqualTo("vif7.0");
    vif(name, "web0", BACKEND).succeeds("offline");
    assertThat(kernel.link("web0").orElseThrow().isUp()).isFalse();
    assertThat(kernel.link("web0").orElseThrow().master()).isZero();
  }

  @Test
  void itsAliasTellsWhatNobodyElseKnowsAnyMore() {
    store.write(BACKEND + "/vifname", "web0");
    vif(ScriptName.VIF_BRIDGE, "vif7.0", BACKEND).succeeds("online");
    store.remove(BACKEND + "/vifname");
    vif(ScriptName.VIF_BRIDGE, "web0", BACKEND).succeeds("offline");
    assertThat(kernel.link("web0").orElseThrow().isUp()).isFalse();
    kernel.delete("web0");
    store.write(BACKEND + "/vifname", "web0");
    vif(ScriptName.VIF_BRIDGE, "web0", BACKEND).succeeds("offline");
  }

  /** udev may come when link and directory are both gone: what is left elsewhere goes then. */
  @Test
  void aRenamedVifThatIsGoneIsReleasedByTheNameThatItHad() {
    store.write(BACKEND + "/vifname", "web0");
    new ScriptRun(new NetworkNat(), kernel, runDirectory).succeeds("start");
    vif(ScriptName.VIF_NAT, "vif7.0", BACKEND).succeeds("online", "forward=tcp:8080:80");
    kernel.delete("web0");
    store.remove(BACKEND);
    assertThat(vif(ScriptName.VIF_NAT, "web0", BACKEND).run("online")).isEqualTo(1);
    store.remove(BACKEND);
    vif(ScriptName.VIF_NAT, "web0", BACKEND).succeeds("offline");
    assertThat(kernel.table().orElseThrow())
        .noneMatch(entry -> entry.owner().equals("vif7.0") && !entry.data().isEmpty());
  }

  /** A name alone is no proof: whoever is called as the toolstack would have a vif is let be. */
  @Test
  void aDeviceThatIsCalledAsTheVifIsToBeIsLeftAlone() {
    store.write(BACKEND + "/vifname", "eth0");
    kernel.delete("vif7.0");
    KernelState before = KernelState.of(kernel);
    ScriptRun script = vif(ScriptName.VIF_NAT, "eth0", BACKEND);
    assertThat(script.run("online")).isEqualTo(1);
    assertThat(store.read(BACKEND + "/hotplug-error"))
        .isEqualTo("Could not find device vif7.0; has the backend made it?");
    script.succeeds("offline");
    assertThat(before.differencesFrom(KernelState.of(kernel))).isEmpty();
  }
}
