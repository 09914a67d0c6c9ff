package org.passerelle.natroute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.passerelle.link.fake.FakeKernel;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.PlanSteps;
import org.passerelle.link.plan.RefusedException;
import org.passerelle.link.rtnl.Route;
import org.passerelle.link.wire.IpPrefix;

/** The host's settings of both modes. */
class ForwardingTest {
  private static final Forwarding BOTH = new Forwarding("eth0", true, true);

  private static List<String> missing(FakeKernel kernel, Forwarding forwarding) {
    PlanSteps steps = new PlanSteps(new Host(kernel));
    forwarding.addMissing(steps);
    return steps.build().steps().stream().map(step -> step.operation().command()).toList();
  }

  @Test
  void routeModeAnswersOutsideForItsGuests() {
    assertThat(missing(RoutedVifTest.host(), BOTH))
        .containsExactly(
            "sysctl -w net/ipv4/ip_forward=1",
            "sysctl -w net/ipv4/conf/eth0/proxy_arp=1",
            "sysctl -w net/ipv6/conf/all/forwarding=1",
            "sysctl -w net/ipv6/conf/eth0/proxy_ndp=1");
    assertThat(missing(RoutedVifTest.host(), new Forwarding("eth0", false, false)))
        .containsExactly("sysctl -w net/ipv4/ip_forward=1");
  }

  /** Linux drops announced default routes when forwarding begins, unless accept_ra is 2. */
  @Test
  void dom0KeepsTheRouteThatARouterAnnounced() {
    FakeKernel kernel = RoutedVifTest.host();
    kernel.add(announced());
    assertThat(missing(kernel, BOTH)).noneMatch(command -> command.contains("accept_ra"));
    kernel.sysctl("net/ipv6/conf/eth0/accept_ra", "1");
    assertThat(missing(kernel, BOTH))
        .containsSubsequence(
            "sysctl -w net/ipv6/conf/eth0/accept_ra=2", "sysctl -w net/ipv6/conf/all/forwarding=1");
  }

  private static Route announced() {
    Route plain = Route.onLink(IpPrefix.parse("2001:db8:5::/64"), "eth0", Optional.empty(), 9);
    return new Route(
        plain.destination(),
        plain.device(),
        plain.gateway(),
        plain.source(),
        plain.table(),
        9,
        plain.scope(),
        plain.type(),
        plain.metric(),
        plain.flags(),
        plain.expiresSeconds(),
        plain.hops(),
        plain.rest());
  }

  @Test
  void aWayOutThatIsNotThereIsNamed() {
    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(() -> new Forwarding("eth9", true, true).check(new Host(new FakeKernel())))
        .withMessage("there is no device eth9; name the one that leads outside with netdev=");
  }
}
