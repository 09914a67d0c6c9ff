package org.passerelle.natroute.dhcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.passerelle.link.rtnl.DhcpHost;

/** Who has an address, as a dnsmasq's files tell it. */
class DhcpAddressesTest {
  private static final DhcpHost OLD = DnsmasqTextTest.host("vif7.0", "vif7.0");
  private static final DhcpHost NEXT = DnsmasqTextTest.host("vif8.0", "vif8.0");
  private static final InetAddress ADDRESS = OLD.address();

  @TempDir Path directory;
  private OwnFiles files;
  private Dnsmasq dnsmasq;
  private DhcpAddresses addresses;

  @BeforeEach
  void server() {
    files = new OwnFiles(directory);
    dnsmasq = new Dnsmasq(files, new Resolver(List.of()), DnsmasqProcess.here(files));
    addresses = new DhcpAddresses(files, dnsmasq::hosts);
  }

  private void line(DhcpHost host) {
    files.write("hosts/" + host.vif(), DnsmasqText.of(host));
  }

  @Test
  void twoMayHaveOneAddress() {
    dnsmasq.add(OLD, false);
    dnsmasq.add(NEXT, false);
    assertThat(dnsmasq.hosts(ADDRESS)).containsExactly(OLD, NEXT);
    addresses.remove(OLD);
    assertThat(dnsmasq.hosts(ADDRESS)).containsExactly(NEXT);
    addresses.remove(NEXT);
    assertThat(files.names(DhcpAddresses.DIRECTORY)).isEmpty();
  }

  /** By a file that nobody may remove, whatever he is. */
  @Test
  void whatNeedsRootSaysSo() {
    OwnFiles foreign = new OwnFiles(Path.of("/proc/sys/kernel/random"));
    assertThatThrownBy(() -> foreign.remove("boot_id"))
        .hasMessageMatching(
            "remove /proc/sys/kernel/random/boot_id: (EACCES|EPERM) \\(.*\\): run it as root");
  }

  /** Its address is written before its line. */
  @Test
  void whoeverWasKilledBetweenTheTwoWritesHasLeftNoGuest() {
    addresses.add(OLD);
    assertThat(dnsmasq.hosts(ADDRESS)).isEmpty();
    dnsmasq.add(OLD, false);
    assertThat(dnsmasq.hosts(ADDRESS)).containsExactly(OLD);
  }

  @Test
  void aVifThatHasAnotherAddressByNowIsNotOfTheOldOne() {
    dnsmasq.add(OLD, false);
    line(new DhcpHost(OLD.vif(), OLD.device(), OLD.mac(), OLD.router(), OLD.address(), OLD.name()));
    assertThat(dnsmasq.hosts(ADDRESS)).isEmpty();
  }

  @Test
  void linesOfAnEarlierVersionAreFound() {
    line(OLD);
    assertThat(dnsmasq.hosts(ADDRESS)).containsExactly(OLD);
    assertThat(files.names(DhcpAddresses.DIRECTORY)).isEmpty();
    dnsmasq.add(NEXT, false);
    assertThat(dnsmasq.hosts(ADDRESS)).containsExactly(OLD, NEXT);
    assertThat(files.names(".")).containsExactly(DhcpAddresses.DIRECTORY, "hosts");
  }

  /** What a vif that went meanwhile had is not taken over. */
  @Test
  void whoeverWasKilledWhileTheFilesWereMadeHasMadeNone() {
    line(NEXT);
    files.write("addresses.new/10.0.99.1", "vif99.0\n");
    assertThat(dnsmasq.hosts(ADDRESS)).containsExactly(NEXT);
    addresses.add(OLD);
    assertThat(files.names(DhcpAddresses.DIRECTORY)).containsExactly("10.0.7.1");
    assertThat(addresses.vifs(ADDRESS)).containsExactly("vif8.0", "vif7.0");
  }
}
