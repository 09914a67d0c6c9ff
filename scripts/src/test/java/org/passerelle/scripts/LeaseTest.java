package org.passerelle.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.passerelle.link.fake.FakeKernel;
import org.passerelle.link.plan.Host;
import org.passerelle.link.rtnl.Address;
import org.passerelle.link.wire.IpPrefix;
import org.passerelle.link.wire.MacAddress;

/** network-bridge start where dom0's address is leased. */
class LeaseTest {
  private static final MacAddress MAC = LeasedHost.MAC;

  private final LeasedHost host;
  private final FakeKernel kernel;

  LeaseTest(@TempDir Path directory) {
    host = new LeasedHost(directory);
    kernel = host.kernel;
  }

  @ParameterizedTest
  @CsvSource({
    "run/systemd/netif/links/INDEX, ADMIN_STATE=configured, NETWORKD",
    "run/systemd/netif/links/INDEX, ADMIN_STATE=unmanaged, NOBODY",
    "run/NetworkManager/devices/INDEX, connection-uuid=1b4e28ba-2fa1-11d2, NETWORK_MANAGER",
    "run/NetworkManager/devices/INDEX, managed=false, NOBODY",
    "etc/network/interfaces, iface eth0 inet dhcp, IFUPDOWN",
    "etc/network/interfaces, iface eth0 inet static, NOBODY",
    "etc/network/interfaces.d/nic, iface eth0  inet dhcp, IFUPDOWN",
    "proc/77/cmdline, /sbin/dhclient|-4|eth0|, DHCLIENT",
    "proc/77/cmdline, /sbin/dhclient|-4|eth1|, NOBODY",
    "proc/77/cmdline, dhclient|, DHCLIENT",
    "proc/77/cmdline, dhclient|-v|-pf|/run/dhclient.pid|, DHCLIENT",
    "proc/77/cmdline, dhclient|-6|eth0|, NOBODY",
    "proc/77/cmdline, udhcpc|-b|-R|-p|/run/udhcpc.eth0.pid|-i|eth0|, UDHCPC",
    "proc/77/cmdline, udhcpc|-b|-i|eth1|, NOBODY",
    "proc/77/cmdline, udhcpc|-b|-s|/etc/eth1|, UDHCPC",
    "proc/77/cmdline, /bin/busybox|udhcpc|-bi|eth0|, UDHCPC",
    "proc/77/cmdline, /bin/busybox|sh|eth0|, NOBODY",
    "proc/77/cmdline, udhcpc|-ieth0|, UDHCPC",
    "proc/77/cmdline, udhcpc|-fieth1|, NOBODY",
    "proc/77/cmdline, udhcpc|--interface=eth0|, UDHCPC",
    "proc/77/cmdline, udhcpc|--interface|eth1|, NOBODY",
    "proc/77/cmdline, dhcpcd: eth0 [ip4] [ip6]|, DHCPCD",
    "proc/77/cmdline, dhcpcd: eth1 [ip4] [ip6]|, NOBODY",
    "proc/77/cmdline, dhcpcd: eth0 [ip6]|, NOBODY",
    "proc/77/cmdline, dhcpcd: [network proxy] eth0 [ip4] [ip6]|, NOBODY",
    "proc/77/cmdline, dhcpcd: [manager] [ip4] [ip6]|, DHCPCD_MANAGER",
    "proc/77/cmdline, dhcpcd: [master] [ip4] [ip6]|, DHCPCD_MANAGER",
    "proc/77/cmdline, dhcpcd: [manager] [ip6]|, NOBODY",
    "proc/77/cmdline, /sbin/dhcpcd|-q|-w|eth0|, DHCPCD",
    "proc/77/cmdline, /sbin/dhcpcd|-q|-w|eth1|, NOBODY",
    "proc/77/cmdline, /sbin/dhcpcd|-q|-b|, DHCPCD_MANAGER",
    "proc/77/cmdline, /sbin/dhcpcd|-6|, NOBODY",
    "proc/77/cmdline, /usr/bin/less|eth0|, NOBODY"
  })
  void theKeeperIsRecognised(String path, String text, LeaseKeeper expected) throws IOException {
    assertThat(host.keeper("eth0")).isEqualTo(LeaseKeeper.NOBODY);
    host.file(path, text);
    assertThat(host.keeper("eth0")).isEqualTo(expected);
  }

  /** A container's NIC has the name of dom0's as a rule. */
  @Test
  void aContainersClientKeepsNothingOfDom0s() throws IOException {
    host.process("udhcpc|-i|eth0|");
    host.network("thread-self", "net:[1]");
    host.network("77", "net:[1]");
    assertThat(host.keeper("eth0")).isEqualTo(LeaseKeeper.UDHCPC);
    host.network("77", "net:[2]");
    assertThat(host.keeper("eth0")).isEqualTo(LeaseKeeper.NOBODY);
  }

  /** networkd's machines have an unused /etc/network/interfaces, and ifupdown has a dhclient. */
  @Test
  void whoStartsTheClientComesFirst() throws IOException {
    host.file("proc/77/cmdline", "dhclient|eth0|");
    host.file("etc/network/interfaces", "iface eth0 inet dhcp");
    assertThat(host.keeper("eth0")).isEqualTo(LeaseKeeper.IFUPDOWN);
    host.file("run/NetworkManager/devices/INDEX", "connection-uuid=1");
    assertThat(host.keeper("eth0")).isEqualTo(LeaseKeeper.NETWORK_MANAGER);
  }

  @Test
  void startSaysHowTheBridgeIsConfiguredNext() throws IOException {
    host.file("etc/network/interfaces", "iface eth0 inet dhcp");
    assertThat(host.run("start", "generation=keep")).isZero();
    assertThat(host.out())
        .containsExactly(
            "192.0.2.10 is leased, was eth0's, and is on xenbr0 now.",
            "ifupdown's dhclient renews it. In /etc/network/interfaces (with Debian's",
            "bridge-utils), in place of what is said of eth0:",
            "auto xenbr0",
            "iface eth0 inet manual",
            "iface xenbr0 inet dhcp",
            "    bridge_ports eth0",
            "    bridge_hw eth0",
            "    bridge_stp off",
            "    bridge_fd 0",
            "Then, so that it goes on with the lease that it has:",
            "    kill $(cat /run/dhclient.eth0.pid)",
            "    sed s/eth0/xenbr0/ /var/lib/dhcp/dhclient.eth0.leases"
                + " >/var/lib/dhcp/dhclient.xenbr0.leases",
            "    ifup --force xenbr0");
  }

  @ParameterizedTest
  @CsvSource({"netloop", "rename"})
  void whatHasTheNicsNameIsOnlyLookedAtAnew(String generation) throws IOException {
    host.file("run/systemd/netif/links/INDEX", "ADMIN_STATE=configured");
    assertThat(host.run("start", "--dry-run", "generation=" + generation)).isZero();
    assertThat(host.out()).noneMatch(line -> line.contains("leased"));
    assertThat(host.run("start", "generation=" + generation)).isZero();
    assertThat(host.out())
        .startsWith("192.0.2.10 is leased, was eth0's, and is on another device of that name now.")
        .contains("    networkctl reconfigure eth0");
    assertThat(host.run("start", "generation=" + generation)).isZero();
    assertThat(host.out()).isEmpty();
  }

  /** Who renews it on the bridge asks there in vain from then on. */
  @Test
  void stopSaysWhoIsToRenewItOnTheNicAgain() throws IOException {
    assertThat(host.run("start", "generation=keep")).isZero();
    host.file("proc/77/cmdline", "dhclient|xenbr0|");
    assertThat(host.run("stop", "--dry-run", "generation=keep")).isZero();
    assertThat(host.out()).noneMatch(line -> line.contains("leased"));
    assertThat(host.run("stop", "generation=keep")).isZero();
    assertThat(host.out())
        .startsWith("192.0.2.10 is leased, was xenbr0's, and is on eth0 now.")
        .anyMatch(line -> line.endsWith("in its place, now and at boot: dhclient eth0"));
    assertThat(host.run("stop", "generation=keep")).isZero();
    assertThat(host.out()).isEmpty();
  }

  @Test
  void stopSaysNothingWhereTheClientHasStayedWithTheNic() throws IOException {
    host.file("proc/77/cmdline", "dhclient|eth0|");
    assertThat(host.run("start", "generation=keep")).isZero();
    assertThat(host.run("stop", "generation=keep")).isZero();
    assertThat(host.out()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"netloop", "rename"})
  void stopSaysSoOfADeviceOfTheSameNameToo(String generation) throws IOException {
    assertThat(host.run("start", "generation=" + generation)).isZero();
    host.file("etc/network/interfaces", "iface eth0 inet dhcp");
    assertThat(host.run("stop", "generation=" + generation)).isZero();
    assertThat(host.out())
        .startsWith("192.0.2.10 is leased, was eth0's, and is on another device of that name now.")
        .endsWith("    ifup --force eth0");
  }

  @ParameterizedTest
  @EnumSource(LeaseKeeper.class)
  void eachAdviceOfAStopNamesTheNic(LeaseKeeper keeper) {
    IpPrefix address = IpPrefix.parse("192.0.2.10/24");
    assertThat(new LeaseReturn(keeper, address, "xenbr0", "eth0").lines().stream().skip(1))
        .anyMatch(line -> line.contains("eth0"));
  }

  @Test
  void anAddressForEverIsNoLease() {
    kernel.change(Address.of("eth0", IpPrefix.parse("192.0.2.10/24")));
    assertThat(host.run("start", "generation=keep")).isZero();
    assertThat(host.out()).isEmpty();
    assertThat(new Host(kernel).addresses("xenbr0")).isNotEmpty();
  }

  private static List<String> advice(LeaseKeeper keeper, String device) {
    return new LeaseAdvice(keeper, IpPrefix.parse("192.0.2.10/24"), "eth0", device, MAC).lines();
  }

  @ParameterizedTest
  @EnumSource(LeaseKeeper.class)
  void eachAdviceNamesWhoseTheAddressIsNow(LeaseKeeper keeper) {
    assertThat(advice(keeper, "xenbr0").stream().skip(1)).anyMatch(line -> line.contains("xenbr0"));
    assertThat(advice(keeper, "eth0").stream().skip(1)).anyMatch(line -> line.contains("eth0"));
  }

  @Test
  void networkdMakesTheBridgeAndItsPort() {
    assertThat(advice(LeaseKeeper.NETWORKD, "xenbr0"))
        .containsSubsequence("[NetDev]", "Name=xenbr0", "Kind=bridge", "MACAddress=" + MAC)
        .containsSubsequence("[Match]", "Name=xenbr0", "[Network]", "DHCP=ipv4")
        .containsSubsequence("[Match]", "Name=eth0", "[Network]", "Bridge=xenbr0");
  }

  @Test
  void networkManagerMakesTheBridgeAndItsPort() {
    assertThat(advice(LeaseKeeper.NETWORK_MANAGER, "xenbr0"))
        .contains("    nmcli connection up bridge-xenbr0", "    nmcli connection up port-eth0")
        .containsSubsequence("id=bridge-xenbr0", "type=bridge", "interface-name=xenbr0")
        .containsSubsequence("[ipv4]", "method=auto", "id=port-eth0")
        .containsSubsequence("interface-name=eth0", "master=xenbr0", "slave-type=bridge");
  }

  @Test
  void saysWhenNobodyIsRecognised() {
    assertThat(advice(LeaseKeeper.NOBODY, "xenbr0"))
        .endsWith(
            "Nobody was recognised who renews it. Whoever does must do so on xenbr0 from now on.");
  }
}
