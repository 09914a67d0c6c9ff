package org.passerelle.natroute.dhcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.passerelle.link.rtnl.DhcpHost;
import org.passerelle.link.wire.IpPrefix;
import org.passerelle.link.wire.MacAddress;

class DnsmasqTextTest {
  private static final String LINE =
      "00:16:3e:00:07:01,tag:web0,10.0.7.1,web # router 10.0.7.128\n";

  static DhcpHost host(String vif, String device) {
    return new DhcpHost(
        vif,
        device,
        MacAddress.parse("00:16:3e:00:07:01"),
        IpPrefix.address("10.0.7.1"),
        IpPrefix.address("10.0.7.128"),
        "web");
  }

  /** Of the host's own networks nothing is heard; whoever is not known is told nothing. */
  @Test
  void hearsVifsOnly() {
    Resolver resolver = new Resolver(List.of("search example.org", "nameserver 192.0.2.53"));
    assertThat(
            DnsmasqText.configuration(
                List.of(host("vif7.0", "web0"), host("vif8.0", "vif8.0")), resolver))
        .isEqualTo(
            """
            # Made by network-nat, and made anew at each start of this dnsmasq.
            port=0
            bind-dynamic
            interface=vif*
            interface=web0
            except-interface=lo
            dhcp-authoritative
            no-ping
            dhcp-range=0.0.0.0,static,128.0.0.0,1h
            dhcp-range=128.0.0.0,static,128.0.0.0,1h
            dhcp-option=option:netmask,255.255.0.0
            dhcp-option=28
            dhcp-option=option:dns-server,192.0.2.53
            dhcp-option=option:domain-name,example.org
            dhcp-hostsdir=/mnt/hosts
            dhcp-leasefile=/mnt/leases
            pid-file=/mnt/pid
            """);
  }

  /** One that hears too few devices, or too many, or tells what is so no more, starts anew. */
  @Test
  void knowsWhatAConfigurationHears() {
    Resolver resolver = new Resolver(List.of("nameserver 192.0.2.53"));
    String text = DnsmasqText.configuration(List.of(host("vif7.0", "vif7.0")), resolver);
    assertThat(DnsmasqText.hearsAsVif("vif9.0", text, resolver)).isTrue();
    assertThat(DnsmasqText.hearsAsVif("web0", text, resolver)).isFalse();
    assertThat(DnsmasqText.hearsAsVif("vif9.0", text, new Resolver(List.of()))).isFalse();
    String more = DnsmasqText.configuration(List.of(host("vif7.0", "web0")), resolver);
    assertThat(DnsmasqText.hearsAsVif("vif9.0", more, resolver)).isFalse();
    assertThat(DnsmasqText.hearsAsVif("vif9.0", "", resolver)).isFalse();
  }

  @Test
  void aGuestIsALine() {
    DhcpHost host = host("vif7.0", "web0");
    assertThat(DnsmasqText.of(host)).isEqualTo(LINE);
    assertThat(DnsmasqText.host("vif7.0", LINE)).contains(host);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00:16:3e:00:07:01,10.0.7.1,web\n",
        "00:16:3e:00:07,tag:web0,10.0.7.1,web # router 10.0.7.128\n",
        "00:16:3e:00:07:01,tag:web0,10.0.7.1,web # router 10.0.7.128\nmore\n",
        "00:16:3e:00:07:01,tag:web0,10.0.7.1,ignore # router 10.0.7.128\n"
      })
  void anythingElseIsNone(String text) {
    assertThat(DnsmasqText.host("vif7.0", text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "1795992651 00:16:3e:00:07:01 10.0.7.1 web 01:00:16:3e:00:07:01, false",
    "1795992651 00:16:3E:00:07:01 10.0.7.1 web *, false",
    "1795992651 00:16:3e:00:07:02 10.0.7.1 db *, true",
    "1795992651 00:16:3e:00:07:02 10.0.7.11 db *, false",
    "duid, false"
  })
  void anAddressIsTakenByAnotherMac(String lease, boolean taken) {
    assertThat(DnsmasqText.isTaken("1 00:16:3e:00:00:01 10.0.0.1 * *\n" + lease, host("a", "b")))
        .isEqualTo(taken);
  }
}
