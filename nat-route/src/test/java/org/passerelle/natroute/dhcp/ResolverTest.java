package org.passerelle.natroute.dhcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ResolverTest {

  @Test
  void guestsAskWhomTheirHostAsks() {
    Resolver resolver =
        new Resolver(
            List.of(
                "# nameserver 192.0.2.1",
                "domain example.net",
                "nameserver 127.0.0.53",
                "nameserver fe80::1",
                "nameserver 192.0.2.300",
                "  nameserver   192.0.2.53",
                "nameserver 192.0.2.54",
                "search example.org other.org",
                "options edns0"));
    assertThat(resolver.server()).contains("192.0.2.53");
    assertThat(resolver.domain()).contains("example.org");
  }

  @Test
  void whatIsNoNameIsNotTold() {
    Resolver resolver = new Resolver(List.of("search a,b", "search \"; }", "nameserver x", ""));
    assertThat(resolver.domain()).isEmpty();
    assertThat(resolver.server()).isEmpty();
  }
}
