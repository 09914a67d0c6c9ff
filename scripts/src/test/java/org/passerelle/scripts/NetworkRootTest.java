package org.passerelle.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.passerelle.link.fake.FakeKernel;
import org.passerelle.link.os.HostFiles;
import org.passerelle.link.rtnl.Address;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.link.rtnl.Route;
import org.passerelle.link.testing.KernelState;
import org.passerelle.link.wire.IpPrefix;
import org.passerelle.link.wire.MacAddress;

/** network-bridge on a host whose root file system comes over the network. */
class NetworkRootTest {
  @TempDir private Path root;
  @TempDir private Path runDirectory;
  private final FakeKernel kernel = new FakeKernel();
  private ScriptRun script;

  @BeforeEach
  void host() {
    nic("eth0", 1, "192.0.2.10/24");
    nic("eth1", 2, "198.51.100.2/24");
    kernel.add(Route.via(IpPrefix.parse("0.0.0.0/0"), IpPrefix.address("192.0.2.1"), "eth0"));
    script = new ScriptRun(new NetworkBridge(new HostFiles(root)), kernel, runDirectory);
  }

  private void nic(String device, int number, String address) {
    kernel.plug(device, new MacAddress(0x5254_0000_0000L + number));
    kernel.change(device, LinkChange.builder().up(true).build());
    kernel.settle();
    kernel.add(Address.of(device, IpPrefix.parse(address)));
  }

  private void file(String path, String text) throws IOException {
    Files.createDirectories(root.resolve(path).getParent());
    Files.writeString(root.resolve(path), text + "\n");
  }

  private void refused(String... arguments) {
    KernelState before = KernelState.of(kernel);
    assertThat(script.run(arguments)).isZero();
    assertThat(script.err())
        .containsExactly("script: bridging not supported on network root; not starting");
    assertThat(KernelState.of(kernel)).isEqualTo(before);
  }

  private void started(String... arguments) {
    assertThat(script.run(arguments)).isZero();
    assertThat(script.err()).isEmpty();
    assertThat(kernel.links()).anyMatch(link -> link.kind().equals("bridge"));
  }

  @Test
  void theNicByWhichTheServerIsReachedStaysAsItIs() throws IOException {
    file("proc/self/mounts", "nas:/root / nfs4 rw,relatime,vers=4.2,addr=198.51.100.9 0 0");
    refused("start", "netdev=eth1", "generation=keep");
    refused("start", "netdev=eth0 eth1");
    started("start", "netdev=eth0");
  }

  @Test
  void aServerBehindAGatewayIsReachedByTheDefaultRoute() throws IOException {
    file("proc/self/mounts", "nas:/root / nfs rw,addr=203.0.113.9 0 0");
    refused("start");
    started("start", "netdev=eth1");
  }

  /** Where the server is unknown it may be anywhere. */
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "etc/fstab,\"/dev/sda1 / ext4 noatime,_netdev 0 1\"",
        "proc/self/mounts,\"nas:/ / nfs4 rw,addr=fe80::1%eth0 0 0\"",
        "proc/cmdline,ro root=/dev/nfs ip=dhcp",
        "proc/cmdline,root=nfs:192.0.2.9:/root",
        "proc/cmdline,netroot=iscsi:192.0.2.9::::iqn.2009-06.example"
      })
  void otherSignsOfIt(String path, String text) throws IOException {
    file(path, text);
    refused("start");
    refused("start", "netdev=eth1");
  }

  @Test
  void otherFileSystemsMayComeOverTheNetwork() throws IOException {
    file("proc/self/mounts", "/dev/sda1 / ext4 rw 0 0\nnas:/home /home nfs rw,addr=192.0.2.9 0 0");
    file("etc/fstab", "# / nfs\nnas:/home /home nfs _netdev 0 0");
    file("proc/cmdline", "root=/dev/sda1 ro");
    started("start");
    assertThat(script.run("stop")).isZero();
    assertThat(kernel.link("xenbr0")).isEmpty();
  }

  /** A lab's dom0 is not the one whose root it is. */
  @Test
  void anotherNetworkNamespaceIsNotTheRoots() throws IOException {
    file("proc/cmdline", "root=/dev/nfs");
    namespace("proc/1/ns", "net:[1]");
    namespace("proc/thread-self/ns", "net:[1]");
    refused("start");
    Files.delete(root.resolve("proc/thread-self/ns/net"));
    namespace("proc/thread-self/ns", "net:[2]");
    started("start");
  }

  private void namespace(String directory, String name) throws IOException {
    Files.createDirectories(root.resolve(directory));
    Files.createSymbolicLink(root.resolve(directory).resolve("net"), Path.of(name));
  }
}
