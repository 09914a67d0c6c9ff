package org.passerelle.natroute.dhcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.passerelle.link.fake.FakeKernel;
import org.passerelle.link.os.Capability;
import org.passerelle.link.os.HomeNamespace;
import org.passerelle.link.os.HostFiles;
import org.passerelle.link.rtnl.DhcpHost;
import org.passerelle.link.testing.Needs;

/** A host that has ISC's dhcpd configured: its files are changed by whole lines of ours only. */
@Needs(Capability.NET_ADMIN)
class IscDhcpdTest {
  private static final DhcpHost WEB = DnsmasqTextTest.host("vif7.0", "vif7.0");
  private static final DhcpHost OTHER = DnsmasqTextTest.host("vif7.01", "vif7.01");
  private static final String LINE =
      "host passerelle-vif7.0 { hardware ethernet 00:16:3e:00:07:01; fixed-address 10.0.7.1;"
          + " option routers 10.0.7.128; option host-name \"web\"; } # passerelle vif7.0\n";
  private static final String OWN = "# the admin's\nhost passerelle { }\noption x \"é\";\n";
  private static final String RESTARTS =
      "#!/bin/sh\necho \"$@\" >>\"${0%/*}/calls\"\n[ ! -e \"${0%/*}/ill\" ] || {\n"
          + "echo Stopping.; echo 'No subnet declaration.' >&2; exit 6; }\n";

  @TempDir Path root;
  private Path configuration;
  private HomeNamespace home;
  private DhcpKernel kernel;
  private final List<String> warnings = new ArrayList<>();

  @BeforeEach
  void host() throws IOException {
    configuration = write("etc/dhcp/dhcpd.conf", OWN);
    write("etc/resolv.conf", "search example.org\nnameserver 192.0.2.53\n");
    Path init = write("etc/init.d/isc-dhcp-server", RESTARTS);
    Files.setPosixFilePermissions(init, PosixFilePermissions.fromString("rwxr-xr-x"));
    home = HomeNamespace.here();
    kernel =
        new DhcpKernel(
            new FakeKernel(), home, new HostFiles(root), root.resolve("run"), warnings::add);
    Files.createDirectory(root.resolve("run"));
  }

  @AfterEach
  void leave() {
    home.close();
  }

  private Path write(String name, String text) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private long restarts() throws IOException {
    Path calls = root.resolve("etc/init.d/calls");
    return Files.exists(calls)
        ? Files.readAllLines(calls).stream().filter("restart"::equals).count()
        : 0;
  }

  @Test
  void aGuestIsALineWithItsMark() throws IOException {
    kernel.add(WEB);
    assertThat(configuration).hasContent(OWN + LINE);
    assertThat(kernel.dhcpHosts(WEB.address())).containsExactly(WEB);
    assertThat(restarts()).isOne();
    kernel.add(OTHER);
    kernel.remove(WEB);
    assertThat(kernel.dhcpHosts(WEB.address())).containsExactly(OTHER);
    assertThat(kernel.dhcpHost(OTHER.vif())).contains(OTHER);
    kernel.remove(OTHER);
    assertThat(Files.readString(configuration)).isEqualTo(OWN);
    assertThat(restarts()).isEqualTo(4);
    assertThat(warnings).isEmpty();
  }

  /** What it was told stays: dhcpd may have nothing to do yet. */
  @Test
  void aRestartThatFailsIsSaid() throws IOException {
    write("etc/init.d/ill", "");
    kernel.add(WEB);
    assertThat(configuration).hasContent(OWN + LINE);
    assertThat(warnings)
        .singleElement(InstanceOfAssertFactories.STRING)
        .contains("etc/init.d/isc-dhcp-server restart ended with exit code 6")
        .contains("its last line: No subnet declaration.;")
        .contains("dhcpd -t -cf " + configuration);
  }

  /** Whatever is installed while a dnsmasq of ours is there: else nobody ended that. */
  @Test
  void whoeverWasStartedIsTheServerUntilItsEnd() throws IOException {
    write("run/dhcp/conf", "port=0\n");
    write("run/dhcp/users/network-nat+eth0", "");
    assertThat(kernel.dhcpUsers()).containsExactly("network-nat eth0");
    kernel.stopDhcp("network-nat eth0");
    assertThat(root.resolve("run/dhcp")).doesNotExist();
    assertThat(restarts()).isZero();
    kernel.startDhcp("network-nat eth0");
    assertThat(restarts()).isOne();
  }

  @Test
  void theFileKeepsItsModeAndItsPlace() throws IOException {
    Path real = write("elsewhere/dhcpd.conf", OWN);
    Files.delete(configuration);
    Files.createSymbolicLink(configuration, real);
    Files.setPosixFilePermissions(real, PosixFilePermissions.fromString("rw-r-----"));
    kernel.add(WEB);
    assertThat(configuration).isSymbolicLink();
    assertThat(Files.readString(real)).isEqualTo(OWN + LINE);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(real)))
        .isEqualTo("rw-r-----");
    assertThat(real.getParent()).isDirectoryNotContaining("glob:**passerelle");
  }

  @Test
  void theNetworkIsDeclaredAsLongAsAnybodyWantsIt() throws IOException {
    assertThat(kernel.isDhcpRunning()).isTrue();
    kernel.startDhcp("network-nat eth0");
    kernel.startDhcp("network-nat eth1");
    assertThat(kernel.dhcpUsers()).containsExactly("network-nat eth0", "network-nat eth1");
    assertThat(Files.readString(configuration))
        .isEqualTo(
            OWN
                + "subnet 10.0.0.0 netmask 255.255.0.0 { option domain-name \"example.org\";"
                + " option domain-name-servers 192.0.2.53; } # passerelle network-nat\n");
    kernel.stopDhcp("network-nat eth0");
    assertThat(Files.readString(configuration)).contains("subnet 10.0.0.0");
    kernel.stopDhcp("network-nat eth1");
    assertThat(Files.readString(configuration)).isEqualTo(OWN);
  }

  @Test
  void anotherDeclarationIsTheAdmins() throws IOException {
    String declared = "subnet 10.0.0.0 netmask 255.0.0.0 { }\n";
    Files.writeString(configuration, declared);
    kernel.startDhcp("network-nat eth0");
    kernel.stopDhcp("network-nat eth0");
    assertThat(Files.readString(configuration)).isEqualTo(declared);
  }

  @ParameterizedTest
  @CsvSource({
    "# subnet 10.0.0.0 netmask 255.255.0.0 { }, false",
    "option x 1; # not subnet 10.0.0.0 netmask 255.0.0.0, false",
    "subnet 10.0.0.0 netmask 255.0.0.0 { }, true",
    "shared-network a { subnet  10.0.0.0 netmask 255.0.0.0 { } }, true",
    "'  subnet 10.0.0.0', true"
  })
  void whatIsInACommentIsNotDeclared(String line, boolean declared) {
    String text = "a\n" + line + "\n";
    assertThat(IscText.withSubnet(text, new Resolver(List.of())).equals(text)).isEqualTo(declared);
  }

  @Test
  void itIsToldWhatToHear() throws IOException {
    Path arguments =
        write("etc/default/isc-dhcp-server", "INTERFACESv4=\"eth1\"\nINTERFACESv6=\"\"\n");
    kernel.add(WEB);
    assertThat(Files.readString(arguments))
        .isEqualTo("INTERFACESv4=\"eth1 vif7.0\"\nINTERFACESv6=\"\"\n");
    kernel.remove(WEB);
    assertThat(Files.readString(arguments)).isEqualTo("INTERFACESv4=\"eth1\"\nINTERFACESv6=\"\"\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "DHCPDARGS=eth1|DHCPDARGS=\"eth1 vif7.0\"",
        "DHCPD_INTERFACE=\"eth1  eth2\"|DHCPD_INTERFACE=\"eth1 eth2 vif7.0\"",
        "INTERFACES=\"vif7.0\"|INTERFACES=\"vif7.0\"",
        "INTERFACES=\"\"|INTERFACES=\"\"",
        "INTERFACES=|INTERFACES=",
        "#INTERFACES=\"eth1\"|#INTERFACES=\"eth1\"",
        "OTHER=\"eth1\"|OTHER=\"eth1\""
      })
  void whereverTheHostSaysIt(String before, String after) {
    assertThat(IscText.withDevice(before + "\n", "vif7.0")).isEqualTo(after + "\n");
  }

  /** Without all of it dnsmasq is ours. */
  @ParameterizedTest
  @ValueSource(strings = {"etc/dhcp/dhcpd.conf", "etc/init.d/isc-dhcp-server"})
  void otherwiseItIsNotConfigured(String missing) throws IOException {
    assertThat(IscDhcpd.of(new HostFiles(root), warnings::add)).isPresent();
    Files.delete(root.resolve(missing));
    assertThat(IscDhcpd.of(new HostFiles(root), warnings::add)).isEmpty();
  }

  @Property
  void whateverIsInTheFileStays(@ForAll List<String> lines, @ForAll boolean ends) {
    String text = String.join("\n", lines) + (ends ? "\n" : "");
    String with = IscText.with(IscText.with(text, WEB), OTHER);
    assertThat(IscText.without(IscText.without(with, WEB), OTHER)).isEqualTo(text);
    assertThat(IscText.without(IscText.without(with, OTHER), WEB)).isEqualTo(text);
  }
}
