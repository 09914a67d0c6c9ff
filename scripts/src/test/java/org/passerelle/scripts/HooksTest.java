package org.passerelle.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.passerelle.bridge.BridgeKind;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.xenstore.XenStore;
import org.passerelle.hypervisor.xenstore.server.StoreServer;
import org.passerelle.link.fake.FakeKernel;
import org.passerelle.link.rtnl.Address;
import org.passerelle.link.rtnl.LinkSpec;
import org.passerelle.link.testing.KernelState;
import org.passerelle.link.wire.IpPrefix;
import org.passerelle.link.wire.MacAddress;

/** Programs in vif-post.d: the kernel in memory, a real store, real programs. */
class HooksTest {
  private static final String BACKEND = "backend/vif/7/0";

  @TempDir Path directory;
  private StoreServer server;
  private XenStore store;
  private FakeKernel kernel;
  private ScriptRun script;
  private Path told;

  @BeforeEach
  void host() throws IOException {
    server = new StoreServer();
    store = server.connect(DomainId.DOM0);
    kernel = new FakeKernel();
    kernel.create(
        LinkSpec.of("xenbr0", BridgeKind.XEN).withMac(MacAddress.parse("02:00:00:00:00:ff")));
    kernel.plug("eth0", MacAddress.parse("00:16:3e:00:00:01"));
    kernel.add(Address.of("eth0", IpPrefix.parse("192.0.2.10/24")));
    kernel.plug("vif7.0", MacAddress.parse("00:16:3e:00:00:07"));
    store.write(BACKEND + "/bridge", "xenbr0");
    store.write(BACKEND + "/vifname", "web0");
    store.write(BACKEND + "/ip", "192.0.2.77 192.0.2.78");
    told = directory.resolve("told");
    Files.createDirectories(directory.resolve("scripts/vif-post.d"));
    script =
        new ScriptRun(new VifBridge(), kernel, directory.resolve("run"))
            .with(store)
            .with("XEN_SCRIPT_DIR", directory.resolve("scripts").toString())
            .with("XENBUS_PATH", BACKEND)
            .with("vif", "vif7.0");
  }

  @AfterEach
  void end() {
    store.close();
    server.close();
  }

  private void hook(String name, String commands) throws IOException {
    Path file = directory.resolve("scripts/vif-post.d").resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + commands + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private Optional<String> status() {
    return store.readIfPresent(BACKEND + "/hotplug-status");
  }

  @Test
  void theyRunInOrderWithTheScriptsVariables() throws IOException {
    hook("20-b.hook", "echo b >>" + told);
    hook("10-a.hook", "echo a $command $dev $ip $main_ip $XENBUS_PATH >>" + told);
    hook("30-c.sh", "echo no hook >>" + told);
    assertThat(script.run("online")).isZero();
    assertThat(told)
        .hasContent("a online web0 192.0.2.77 192.0.2.78 192.0.2.10 backend/vif/7/0\nb\n");
    assertThat(status()).contains("connected");
    Files.delete(told);
    assertThat(script.run("offline")).isZero();
    assertThat(told).content().startsWith("a offline web0 ");
  }

  @Test
  void oneThatIsNotExecutableDoesNotCount() throws IOException {
    Path file = directory.resolve("scripts/vif-post.d/10-a.hook");
    Files.writeString(file, "#!/bin/sh\nexit 1\n");
    assertThat(script.run("online")).isZero();
  }

  @Test
  void oneThatFailsUndoesAll() throws IOException {
    KernelState before = KernelState.of(kernel);
    hook("10-a.hook", "exit 3");
    hook("20-b.hook", "echo b >>" + told);
    assertThat(script.run("online")).isEqualTo(1);
    assertThat(before.differencesFrom(KernelState.of(kernel))).isEmpty();
    assertThat(status()).contains("error");
    assertThat(store.read(BACKEND + "/hotplug-error")).contains("10-a.hook failed: exit code 3");
    assertThat(told).doesNotExist();
  }

  @Test
  void oneThatCannotBeStartedSaysSo() throws IOException {
    Path file = directory.resolve("scripts/vif-post.d/10-a.hook");
    Files.writeString(file, "#!/nowhere\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
    assertThat(script.run("online")).isEqualTo(1);
    assertThat(store.read(BACKEND + "/hotplug-error")).contains("could not be started");
  }

  @Test
  void aDryRunRunsNone() throws IOException {
    hook("10-a.hook", "echo a >>" + told);
    assertThat(script.run("online", "--dry-run")).isZero();
    assertThat(told).doesNotExist();
  }
}
