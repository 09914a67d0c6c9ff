package org.passerelle.scripts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.passerelle.link.plan.Host;
import org.passerelle.link.rtnl.Address;
import org.passerelle.link.testing.KernelState;
import org.passerelle.link.wire.IpPrefix;

/** network-bridge where udhcpc or dhcpcd has leased dom0's address. */
class LeaseClientTest {
  private static final String MANAGER = "dhcpcd: [manager] [ip4] [ip6]";
  private static final String ALONE = "dhcpcd: eth0 [ip4] [ip6]";
  private static final String KEEP = "generation=keep";

  private final LeasedHost host;

  LeaseClientTest(@TempDir Path directory) {
    host = new LeasedHost(directory);
  }

  @ParameterizedTest
  @CsvSource({
    "denyinterfaces eth0 vif*, NOBODY",
    "denyinterfaces wlan0 e?h*, NOBODY",
    "denyinterfaces eth, DHCPCD_MANAGER",
    "denyinterfaces eth0.1, DHCPCD_MANAGER",
    "#denyinterfaces eth0, DHCPCD_MANAGER",
    "allowinterfaces wlan0, NOBODY",
    "allowinterfaces wlan0 eth*, DHCPCD_MANAGER",
  })
  void dhcpcdsFileSaysWhichNicsItServes(String line, LeaseKeeper expected) throws IOException {
    host.process(MANAGER);
    host.file("etc/dhcpcd.conf", "duid", line);
    assertThat(host.keeper("eth0")).isEqualTo(expected);
  }

  @Test
  void dhcpcdServesABridgeThatItsFileNames() throws IOException {
    assertThat(host.run("start", KEEP)).isZero();
    host.process(MANAGER);
    assertThat(host.keeper("xenbr0")).isEqualTo(LeaseKeeper.NOBODY);
    host.file("etc/dhcpcd.conf", "interface xenbr0");
    assertThat(host.keeper("xenbr0")).isEqualTo(LeaseKeeper.DHCPCD_MANAGER);
  }

  @ParameterizedTest
  @CsvSource({
    "dhclient|eth0|, IFUPDOWN",
    "udhcpc|-n|-i|eth0|, IFUPDOWN_UDHCPC",
    "dhcpcd: eth0 [ip4] [ip6]|, IFUPDOWN_DHCPCD",
    "dhcpcd: [manager] [ip4] [ip6]|, DHCPCD_MANAGER",
  })
  void ifupdownsClientIsTheOneThatRuns(String words, LeaseKeeper expected) throws IOException {
    host.process(words);
    host.file("etc/network/interfaces", "iface eth0 inet dhcp");
    assertThat(host.keeper("eth0")).isEqualTo(expected);
  }

  /** udhcpc says ifconfig, which knows no lifetimes. */
  @Test
  void anAddressOfUdhcpcIsALeaseThoughItLooksStatic() throws IOException {
    host.kernel.change(Address.of("eth0", LeasedHost.ADDRESS));
    host.process("udhcpc|-b|-i|eth0|");
    assertThat(host.run("start", KEEP)).isZero();
    assertThat(host.out())
        .startsWith("192.0.2.10 is leased, was eth0's, and is on xenbr0 now.")
        .contains("and at boot: udhcpc -b -i xenbr0");
    host.process("udhcpc|-b|-i|xenbr0|");
    assertThat(host.run("stop", KEEP)).isZero();
    assertThat(host.out())
        .startsWith("192.0.2.10 is leased, was xenbr0's, and is on eth0 now.")
        .contains("and at boot: udhcpc -b -i eth0");
  }

  @ParameterizedTest
  @CsvSource({"netloop", "rename"})
  void udhcpcGoesOnWithADeviceOfTheSameName(String generation) throws IOException {
    host.process("udhcpc|-b|-i|eth0|");
    assertThat(host.run("start", "generation=" + generation)).isZero();
    assertThat(host.out()).endsWith("udhcpc renews it, and goes on with eth0 by itself.");
  }

  @Test
  void ifupdownIsToldForUdhcpc() throws IOException {
    host.process("udhcpc|-n|-i|eth0|");
    host.file("etc/network/interfaces", "iface eth0 inet dhcp");
    assertThat(host.run("start", KEEP)).isZero();
    assertThat(host.out())
        .contains("iface xenbr0 inet dhcp")
        .endsWith("    kill -KILL $(cat /run/udhcpc.eth0.pid)", "    ifup --force xenbr0");
  }

  @Test
  void ifupdownIsToldForDhcpcd() throws IOException {
    host.process(ALONE);
    host.file("etc/network/interfaces", "iface eth0 inet dhcp");
    assertThat(host.run("start", KEEP)).isZero();
    assertThat(host.out())
        .contains("iface xenbr0 inet dhcp")
        .endsWith("    dhcpcd -x eth0", "    ip -4 addr flush dev eth0", "    ifup --force xenbr0");
  }

  @Test
  void oneDhcpcdGivesWayToAnother() throws IOException {
    host.process(ALONE);
    assertThat(host.run("start", KEEP)).isZero();
    assertThat(host.out())
        .containsSubsequence(
            "    dhcpcd -x eth0", "    ip -4 addr flush dev eth0", "    dhcpcd -q xenbr0");
    host.process(ALONE.replace("eth0", "xenbr0"));
    assertThat(host.run("stop", KEEP)).isZero();
    assertThat(host.out()).containsSubsequence("    dhcpcd -x xenbr0", "    dhcpcd -q eth0");
  }

  @Test
  void dhcpcdOfAllNicsIsToldByItsFile() throws IOException {
    host.process(MANAGER);
    assertThat(host.run("start", KEEP)).isZero();
    List<String> words = List.of("denyinterfaces eth0 vif*", "interface xenbr0");
    assertThat(host.out())
        .containsAll(words)
        .endsWith("    service dhcpcd restart", "    ip -4 addr flush dev eth0");
    host.file("etc/dhcpcd.conf", words.toArray(String[]::new));
    assertThat(host.run("stop", KEEP)).isZero();
    assertThat(host.out()).containsAll(words).endsWith("    service dhcpcd restart");
  }

  /** It takes a renamed device for gone, and address and routes away while they are moved. */
  @ParameterizedTest
  @CsvSource({"netloop", "rename"})
  void nothingIsRenamedUnderDhcpcd(String generation) throws IOException {
    host.process(ALONE);
    KernelState before = KernelState.of(host.kernel);
    assertThat(host.run("start", "generation=" + generation)).isOne();
    assertThat(host.err())
        .singleElement(STRING)
        .contains("eth0: dhcpcd renews 192.0.2.10, and takes it away when a device is renamed")
        .contains("use generation=keep");
    assertThat(KernelState.of(host.kernel)).isEqualTo(before);
  }

  /** {@code static ip_address=} in its file, or a lease without end. */
  @ParameterizedTest
  @CsvSource({"netloop", "rename"})
  void dhcpcdTakesAnAddressForEverAwayToo(String generation) throws IOException {
    host.kernel.change(Address.of("eth0", LeasedHost.ADDRESS));
    host.process(MANAGER);
    assertThat(host.run("start", "generation=" + generation)).isOne();
    assertThat(host.err())
        .singleElement(STRING)
        .contains("eth0: dhcpcd keeps 192.0.2.10, and takes it away when a device is renamed");
    assertThat(host.kernel.link("peth0")).isEmpty();
    assertThat(host.run("start", KEEP)).isZero();
    assertThat(host.out()).as("no lease").isEmpty();
  }

  /** One that somebody added before the lease came. */
  @Test
  void ofTwoAddressesTheLeasedOneIsSpokenOf() throws IOException {
    host.kernel.remove(Address.of("eth0", LeasedHost.ADDRESS));
    host.kernel.add(Address.of("eth0", IpPrefix.parse("198.51.100.3/24")));
    host.kernel.add(Address.of("eth0", LeasedHost.ADDRESS).withLifetimes(3600, 1800));
    host.process(ALONE);
    assertThat(host.run("start", KEEP)).isZero();
    assertThat(host.out()).startsWith("192.0.2.10 is leased, was eth0's, and is on xenbr0 now.");
  }

  @ParameterizedTest
  @CsvSource({"netloop", "rename"})
  void nothingIsRenamedBackUnderDhcpcd(String generation) throws IOException {
    assertThat(host.run("start", "generation=" + generation)).isZero();
    host.process(ALONE);
    assertThat(host.run("start", "generation=" + generation)).as("started already").isZero();
    assertThat(host.run("stop", "generation=" + generation)).isOne();
    assertThat(host.err()).singleElement(STRING).contains("or end dhcpcd first (dhcpcd -x");
    assertThat(new Host(host.kernel).addresses("eth0")).isNotEmpty();
    assertThat(host.kernel.link("peth0")).isPresent();
  }
}
