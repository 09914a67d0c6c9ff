package org.passerelle.natroute.dhcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Read from /proc/self/status, see capabilities(7). */
class DnsmasqRightsTest {

  /** All; the agent's unit without its addition; with it; none. */
  @ParameterizedTest
  @CsvSource({
    "000001ffffffffff, ''",
    "000000000000300a, CAP_SYS_ADMIN CAP_SYS_PTRACE CAP_SETUID CAP_SETGID CAP_KILL"
        + " CAP_NET_BIND_SERVICE",
    "00000000002834ea, ''",
    "00000000002834ca, CAP_KILL",
    "ffffffffffffffff, ''"
  })
  void whatIsMissingIsNamed(String effective, String missing) {
    List<String> status =
        List.of("Name:\tjava", "CapPrm:\t000001ffffffffff", "CapEff:\t" + effective);
    assertThat(DnsmasqRights.missing(status)).isEqualTo(missing);
  }
}
