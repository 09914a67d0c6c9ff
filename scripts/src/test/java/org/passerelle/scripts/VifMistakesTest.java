package org.passerelle.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.xenstore.XenStore;
import org.passerelle.hypervisor.xenstore.server.StoreServer;
import org.passerelle.link.fake.FakeKernel;
import org.passerelle.link.rtnl.Address;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.link.wire.IpPrefix;
import org.passerelle.link.wire.MacAddress;

/** What whoever calls a vif's script by hand gets wrong, and what is said of it. */
class VifMistakesTest {
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
    kernel.change("eth0", LinkChange.builder().up(true).build());
    kernel.add(Address.of("eth0", IpPrefix.parse("192.0.2.10/24")));
    kernel.plug("vif7.0", MacAddress.VIF);
    store.write(BACKEND + "/ip", "10.0.7.1");
  }

  @AfterEach
  void end() {
    store.close();
    server.close();
  }

  private ScriptRun vif(ScriptName name) {
    return new ScriptRun(ScriptCall.script(name), kernel, runDirectory)
        .with("XENBUS_PATH", BACKEND)
        .with("vif", "vif7.0");
  }

  @ParameterizedTest
  @EnumSource(
      value = ScriptName.class,
      names = {"VIF_BRIDGE", "VIF_NAT", "VIF_ROUTE"})
  void aDirectoryThatIsNotThereIsNotMade(ScriptName name) {
    ScriptRun script = vif(name).with(store).with("XENBUS_PATH", "backend/vif/9/0");
    assertThat(script.with("vif", "vif9.0").run("online", "ip=10.0.9.1", "bridge=no")).isEqualTo(1);
    assertThat(script.err())
        .last()
        .isEqualTo(
            "script: the toolstack is not told: there is no backend/vif/9/0 in XenStore; see"
                + " XENBUS_PATH");
    assertThat(store.list("backend/vif")).containsExactly("7");
  }

  @ParameterizedTest
  @EnumSource(
      value = ScriptName.class,
      names = {"VIF_BRIDGE", "VIF_NAT", "VIF_ROUTE"})
  void thatThereIsNoXenStoreIsSaidOnce(ScriptName name) {
    for (String command : List.of("online", "offline")) {
      ScriptRun script = vif(name);
      script.run(command);
      assertThat(script.err()).filteredOn(line -> line.contains("connect to XenStore")).hasSize(1);
    }
    ScriptRun script = vif(name);
    script.run("online");
    assertThat(script.err())
        .last()
        .isEqualTo("script: the toolstack is not told: for the same reason");
  }

  @Test
  void aVifThatWasRenamedIsNamed() {
    kernel.change("vif7.0", LinkChange.builder().alias("vif7.0").build());
    kernel.change("vif7.0", LinkChange.builder().name("web0").build());
    ScriptRun script = vif(ScriptName.VIF_NAT).with(store);
    assertThat(script.run("online")).isEqualTo(1);
    assertThat(store.read(BACKEND + "/hotplug-error"))
        .isEqualTo(
            "Could not find device vif7.0: it is called web0 now; pass vif=web0, or write web0 to"
                + " vifname in its directory");
    script.with("vif", "web0").succeeds("online");
  }

  @ParameterizedTest
  @CsvSource({
    "01:00:5e:00:00:07, is a group's address (its first octet is odd)",
    "ff:ff:ff:ff:ff:ff, is a group's address (its first octet is odd)",
    "00:00:00:00:00:00, is none"
  })
  void aMacThatNoGuestCanHaveIsRefused(String mac, String why) {
    store.write(BACKEND + "/mac", mac);
    ScriptRun script = vif(ScriptName.VIF_ROUTE).with(store);
    assertThat(script.run("online", "antispoof=yes")).isEqualTo(1);
    assertThat(store.read(BACKEND + "/hotplug-error"))
        .isEqualTo(
            "antispoof=yes: backend/vif/7/0/mac: "
                + mac
                + " "
                + why
                + ", and no guest can have it; the toolstack's are 00:16:3e:xx:xx:xx");
    assertThat(kernel.link("vif7.0").orElseThrow().isUp()).isFalse();
  }

  /** The original routes to it, and says nothing. */
  @Test
  void aNetworkInNatModeIsWarnedOf() {
    store.write(BACKEND + "/ip", "10.0.7.0/24");
    ScriptRun script = vif(ScriptName.VIF_NAT).with(store);
    script.succeeds("online");
    assertThat(script.err())
        .contains(
            "script: ip=10.0.7.0/24 is a network, and in NAT mode guests have addresses: 10.0.7.0"
                + " alone leads to this one");
    store.write(BACKEND + "/ip", "10.0.7.5/24");
    script.succeeds("online");
    assertThat(script.err()).noneMatch(line -> line.contains("network"));
  }

  @ParameterizedTest
  @CsvSource({"vif, vif=vif7.0", "XENBUS_PATH, XENBUS_PATH=backend/vif/7/0"})
  void howItIsSetIsSaid(String key, String example) {
    ScriptRun script = vif(ScriptName.VIF_BRIDGE).with(store).with(key, "");
    assertThat(script.run("online")).isEqualTo(1);
    assertThat(script.err())
        .containsExactly(
            "script: "
                + key
                + " is not set: the toolstack runs this script, and says in it which device is"
                + " meant; by hand "
                + example);
  }
}
