package org.passerelle.link.rtnl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.passerelle.link.wire.IpPrefix;
import org.passerelle.link.wire.MacAddress;

/** Nothing gets into a server's files that is more than a word there. */
class DhcpHostTest {

  private static DhcpHost host(String vif, String device, String address, String name) {
    return new DhcpHost(
        vif,
        device,
        MacAddress.VIF,
        IpPrefix.address(address),
        IpPrefix.address("10.0.7.128"),
        name);
  }

  @Test
  void takesWhatAHostIsCalled() {
    assertThat(host("vif7.0", "web0", "10.0.7.1", "a").name()).isEqualTo("a");
    assertThat(host("vif7.0", "w_e-b.0", "10.0.7.1", "3com-2").device()).isEqualTo("w_e-b.0");
    assertThat(host("vif7.0", "web0", "10.0.7.1", "x".repeat(63)).name()).hasSize(63);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-web",
        "web-",
        "a,b",
        "a b",
        "a\nb",
        "a.b",
        "a\"",
        "a;",
        "a}",
        "wéb",
        "600",
        "5m",
        "2W",
        "infinite",
        "IGNORE"
      })
  void refusesWhatMayMeanMore(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> host("vif7.0", "vif7.0", "10.0.7.1", name))
        .withMessageEndingWith(" cannot be a host's name to a DHCP server");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ".", "../x", "a/b", "a,b", "a\nb", "a b", "vif*", "sixteen-letters-x"})
  void refusesWhatIsNoDevice(String device) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> host(device, "vif7.0", "10.0.7.1", "web"))
        .withMessageEndingWith(" cannot be a vif to a DHCP server");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> host("vif7.0", device, "10.0.7.1", "web"))
        .withMessageEndingWith(" cannot be a device to a DHCP server");
  }

  @Test
  void tellsIpv4Only() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> host("vif7.0", "vif7.0", "fd00::1", "web"))
        .withMessageEndingWith(" cannot be an IPv4 address to a DHCP server");
  }
}
