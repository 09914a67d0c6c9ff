package org.passerelle.bridge;

import java.util.List;
import java.util.Optional;
import org.passerelle.link.fake.FakeKernel;
import org.passerelle.link.rtnl.Address;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.link.rtnl.LinkKind;
import org.passerelle.link.rtnl.LinkSpec;
import org.passerelle.link.rtnl.RawAttribute;
import org.passerelle.link.rtnl.Route;
import org.passerelle.link.rtnl.VlanFlags;
import org.passerelle.link.testing.RandomHost;
import org.passerelle.link.wire.IpPrefix;

/** Hosts as they are found, every other one with a VLAN on its NIC. */
final class VlanHost {
  private VlanHost() {}

  static FakeKernel of(long seed, boolean live) {
    FakeKernel kernel = RandomHost.of(seed, live);
    if (seed % 2 == 0) {
      vlan(kernel, VlanFlags.DEFAULT.with(VlanFlags.Flag.LOOSE_BINDING, seed % 4 == 0));
    }
    return kernel;
  }

  /** eth0.100 on eth0, with what it would lose if it went down. */
  static void vlan(FakeKernel kernel, VlanFlags flags) {
    kernel.create(LinkSpec.of("eth0.100", new Vlan(flags.data())));
    kernel.change("eth0.100", LinkChange.builder().up(true).build());
    kernel.add(Address.of("eth0.100", IpPrefix.parse("203.0.113.10/24")));
    kernel.add(Address.of("eth0.100", IpPrefix.parse("2001:db8:100::10/64")));
    kernel.settle();
    for (String to : List.of("10.100.0.0/16", "10.101.0.0/16")) {
      kernel.add(Route.via(IpPrefix.parse(to), IpPrefix.address("203.0.113.1"), "eth0.100"));
    }
  }

  private record Vlan(List<RawAttribute> data) implements LinkKind {
    @Override
    public String name() {
      return VlanFlags.KIND;
    }

    @Override
    public Optional<String> lower() {
      return Optional.of("eth0");
    }

    @Override
    public String ipArguments() {
      return "id 100";
    }
  }
}
