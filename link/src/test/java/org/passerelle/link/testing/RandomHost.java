package org.passerelle.link.testing;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.passerelle.link.fake.FakeKernel;
import org.passerelle.link.rtnl.Address;
import org.passerelle.link.rtnl.AddressFlags;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.link.rtnl.Neighbour;
import org.passerelle.link.rtnl.Route;
import org.passerelle.link.wire.IpPrefix;
import org.passerelle.link.wire.MacAddress;

/** Hosts as they are found: one NIC or two, addresses and routes of many sorts. */
public final class RandomHost {
  private final Random random;
  private final FakeKernel kernel;

  private RandomHost(long seed, boolean liveRename) {
    random = new Random(seed);
    kernel = new FakeKernel(liveRename);
  }

  /** The same host for the same seed: eth0 is up and has at least one IPv4 address. */
  public static FakeKernel of(long seed, boolean liveRename) {
    return new RandomHost(seed, liveRename).make();
  }

  private FakeKernel make() {
    nic("eth0", 1);
    if (random.nextBoolean()) {
      nic("eth1", 2);
    }
    kernel.settle();
    return kernel;
  }

  private void nic(String device, int number) {
    kernel.plug(device, new MacAddress(0x5254_0000_0000L + random.nextInt(1 << 24)));
    int mtu = List.of(1500, 1500, 9000, 1280).get(random.nextInt(4));
    int mode = random.nextInt(3);
    kernel.change(
        device, LinkChange.builder().mtu(mtu).ipv6AddressGeneration(mode).up(true).build());
    int networks = 1 + random.nextInt(3);
    for (int network = 0; network < networks; network++) {
      v4(device, "10." + number + "." + network + ".", 1 + random.nextInt(3));
    }
    for (int i = random.nextInt(4); i > 0; i--) {
      v6(device, "2001:db8:" + number + ":" + random.nextInt(2) + "::" + (10 + i) + "/64");
    }
    routes(device, number, networks);
    neighbour(device, "10." + number + ".0.1", Neighbour.STALE);
    neighbour(device, "10." + number + ".0.77", Neighbour.PERMANENT);
    neighbour(device, "fe80::1", Neighbour.STALE);
  }

  private void neighbour(String device, String address, int state) {
    kernel.add(
        new Neighbour(
            device, IpPrefix.address(address), Optional.of(new MacAddress(0x02AA)), state, 0));
  }

  private void v4(String device, String network, int count) {
    for (int i = 0; i < count; i++) {
      Address plain = Address.of(device, IpPrefix.parse(network + (10 + i) + "/24"));
      String label =
          switch (random.nextInt(4)) {
            case 0 -> device + ":" + random.nextInt(9);
            case 1 -> device + ":lab" + i;
            default -> "";
          };
      Address labelled = withBroadcast(plain.onDevice(device, label), network + "255");
      kernel.add(lifetimes(noRoute(labelled)));
    }
  }

  private Address withBroadcast(Address address, String broadcast) {
    return new Address(
        address.device(),
        address.local(),
        address.peer(),
        random.nextBoolean() ? Optional.of(IpPrefix.address(broadcast)) : Optional.empty(),
        address.label(),
        address.scope(),
        address.flags(),
        address.validSeconds(),
        address.preferredSeconds(),
        random.nextInt(4) == 0 ? 100 : 0);
  }

  private Address noRoute(Address address) {
    return random.nextInt(6) == 0 ? address.withFlags(AddressFlags.NOPREFIXROUTE) : address;
  }

  private Address lifetimes(Address address) {
    return random.nextInt(3) == 0
        ? address.withLifetimes(1000 + random.nextInt(1000), random.nextInt(1000))
        : address;
  }

  private void v6(String device, String prefix) {
    Address address = Address.of(device, IpPrefix.parse(prefix));
    int flags = random.nextInt(3) == 0 ? AddressFlags.MANAGETEMPADDR : 0;
    tolerate(() -> kernel.add(lifetimes(noRoute(address.withFlags(flags)))));
  }

  private void routes(String device, int number, int networks) {
    for (int network = 0; network < networks; network++) {
      String gateway = "10." + number + "." + network + ".1";
      String to = random.nextBoolean() ? "0.0.0.0/0" : "172." + (16 + network) + ".0.0/16";
      String source = "10." + number + "." + network + ".10";
      tolerate(() -> kernel.add(route(to, device, gateway, source)));
      tolerate(() -> kernel.add(route("192.168." + number + ".1/32", device, null, source)));
      tolerate(
          () -> kernel.add(route("192.168.100.0/24", device, "192.168." + number + ".1", null)));
    }
    tolerate(() -> kernel.add(route("::/0", device, "2001:db8:" + number + ":1::1", null)));
    tolerate(() -> kernel.add(route("2001:db8:ff::/48", device, "fe80::1", null)));
  }

  private Route route(String to, String device, String gateway, String source) {
    boolean link = gateway == null;
    return new Route(
        IpPrefix.parse(to),
        device,
        Optional.ofNullable(gateway).map(IpPrefix::address),
        Optional.ofNullable(source).filter(s -> random.nextBoolean()).map(IpPrefix::address),
        random.nextInt(4) == 0 ? 100 : Route.TABLE_MAIN,
        List.of(Route.PROTOCOL_BOOT, Route.PROTOCOL_STATIC, 16).get(random.nextInt(3)),
        link ? Route.SCOPE_LINK : Route.SCOPE_UNIVERSE,
        Route.TYPE_UNICAST,
        random.nextInt(3) * 100L,
        0,
        Optional.empty(),
        List.of(),
        List.of());
  }

  /** Not each throw of the dice is a legal configuration: what the kernel refuses is left out. */
  private static void tolerate(Runnable addition) {
    try {
      addition.run();
    } catch (KernelException refused) {
      if (refused.errno() == 0) {
        throw refused;
      }
    }
  }
}
