package org.passerelle.link.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.passerelle.link.os.Capability;
import org.passerelle.link.os.Namespace;
import org.passerelle.link.os.NetlinkKernel;
import org.passerelle.link.rtnl.Address;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.link.rtnl.LinkSpec;
import org.passerelle.link.rtnl.Route;
import org.passerelle.link.rtnl.VethKind;
import org.passerelle.link.testing.Needs;
import org.passerelle.link.testing.TestNamespaces;
import org.passerelle.link.wire.IpPrefix;

/** On the real kernel: a default route moves to a device that somebody else configures, too. */
@Needs({Capability.NET_ADMIN, Capability.VETH})
class MoveRouteTest {
  @RegisterExtension final TestNamespaces namespaces = new TestNamespaces();
  private Namespace dom0;

  @BeforeEach
  void twoDevices() {
    dom0 = namespaces.create();
    try (NetlinkKernel kernel = dom0.kernel()) {
      for (String device : List.of("eth0", "xenbr0")) {
        kernel.create(LinkSpec.of(device, new VethKind("p-" + device)));
        kernel.change("p-" + device, LinkChange.builder().up(true).build());
        kernel.change(device, LinkChange.builder().up(true).build());
        kernel.add(Address.of(device, IpPrefix.parse("192.0.2.10/24")));
      }
    }
  }

  private static Route by(String device) {
    return Route.via(IpPrefix.parse("0.0.0.0/0"), IpPrefix.address("192.0.2.1"), device);
  }

  private static List<String> defaults(NetlinkKernel kernel) {
    return kernel.routes().stream()
        .filter(route -> route.destination().length() == 0)
        .map(Route::device)
        .toList();
  }

  @Test
  void itMoves() {
    try (NetlinkKernel kernel = dom0.kernel()) {
      kernel.add(by("eth0"));
      MoveRoute.of(by("eth0"), "eth0", "xenbr0").apply(kernel);
      assertThat(defaults(kernel)).containsExactly("xenbr0");
    }
  }

  @Test
  void theOneThatSomebodyMadeMeanwhileIsTheNewOne() {
    try (NetlinkKernel kernel = dom0.kernel()) {
      kernel.add(by("eth0"));
      kernel.append(by("xenbr0"));
      MoveRoute.of(by("eth0"), "eth0", "xenbr0").apply(kernel);
      assertThat(defaults(kernel)).containsExactly("xenbr0");
    }
  }

  @Test
  void soDoesAnUndo() {
    try (NetlinkKernel kernel = dom0.kernel()) {
      kernel.add(by("eth0"));
      kernel.append(by("xenbr0"));
      assertThat(MoveRoute.of(by("eth0"), "eth0", "xenbr0").applyIfDue(kernel)).isTrue();
      assertThat(defaults(kernel)).containsExactly("xenbr0");
    }
  }
}
