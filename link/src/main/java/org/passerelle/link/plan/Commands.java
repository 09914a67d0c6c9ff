package org.passerelle.link.plan;

import java.net.InetAddress;
import java.util.Optional;
import org.passerelle.link.rtnl.Address;
import org.passerelle.link.rtnl.AddressFlags;
import org.passerelle.link.rtnl.Neighbour;
import org.passerelle.link.rtnl.Route;

/** The words of ip(8) for addresses and routes. */
final class Commands {
  /** RTNH_F_ONLINK of linux/rtnetlink.h: the gateway is taken for reachable. */
  private static final int ON_LINK = 4;

  private static final int SCOPE_HOST = 254;

  private Commands() {}

  static String address(String verb, Address address) {
    StringBuilder text = new StringBuilder("ip address ").append(verb).append(' ');
    text.append(local(address));
    put(text, "broadcast", address.broadcast());
    text.append(" dev ").append(address.device());
    if (!address.label().isEmpty()) {
      text.append(" label ").append(address.label());
    }
    if (address.scope() != Route.SCOPE_UNIVERSE) {
      text.append(" scope ").append(scope(address.scope()));
    }
    if (address.metric() != 0) {
      text.append(" metric ").append(address.metric());
    }
    lifetimes(text, address);
    flag(text, address, AddressFlags.NODAD, " nodad");
    flag(text, address, AddressFlags.MANAGETEMPADDR, " mngtmpaddr");
    flag(text, address, AddressFlags.NOPREFIXROUTE, " noprefixroute");
    return text.toString();
  }

  static String removal(Address address) {
    return "ip address del " + local(address) + " dev " + address.device();
  }

  private static String local(Address address) {
    return address
        .peer()
        .map(
            peer ->
                Ipv6Text.of(address.local().address())
                    + " peer "
                    + Ipv6Text.of(peer)
                    + "/"
                    + address.local().length())
        .orElseGet(() -> Ipv6Text.of(address.local().address()) + "/" + address.local().length());
  }

  private static void lifetimes(StringBuilder text, Address address) {
    if (address.validSeconds() != Address.FOREVER) {
      text.append(" valid_lft ").append(address.validSeconds());
    }
    if (address.preferredSeconds() != Address.FOREVER) {
      text.append(" preferred_lft ").append(address.preferredSeconds());
    }
  }

  private static void flag(StringBuilder text, Address address, int flag, String words) {
    if ((address.flags() & flag) != 0) {
      text.append(words);
    }
  }

  static String neighbourRemoval(Neighbour neighbour) {
    return "ip neighbour del "
        + (neighbour.isProxy() ? "proxy " : "")
        + Ipv6Text.of(neighbour.address())
        + " dev "
        + neighbour.device();
  }

  static String neighbour(Neighbour neighbour) {
    StringBuilder text = new StringBuilder("ip neighbour add ");
    if (neighbour.isProxy()) {
      return text.append("proxy ")
          .append(Ipv6Text.of(neighbour.address()))
          .append(" dev ")
          .append(neighbour.device())
          .toString();
    }
    text.append(Ipv6Text.of(neighbour.address()));
    neighbour.mac().ifPresent(mac -> text.append(" lladdr ").append(mac));
    text.append(" dev ").append(neighbour.device()).append(" nud ");
    return text.append((neighbour.state() & Neighbour.PERMANENT) != 0 ? "permanent" : "stale")
        .toString();
  }

  static String route(String verb, Route route) {
    StringBuilder text = new StringBuilder(route.isV6() ? "ip -6 route " : "ip route ");
    text.append(verb).append(' ').append(type(route.type())).append(destination(route));
    put(text, "via", route.gateway());
    if (!route.device().isEmpty()) {
      text.append(" dev ").append(route.device());
    }
    if (route.table() != Route.TABLE_MAIN) {
      text.append(" table ").append(route.table());
    }
    if (route.protocol() != Route.PROTOCOL_BOOT) {
      text.append(" proto ").append(protocol(route.protocol()));
    }
    if (route.scope() != Route.SCOPE_UNIVERSE) {
      text.append(" scope ").append(scope(route.scope()));
    }
    put(text, "src", route.source());
    if (route.metric() != 0) {
      text.append(" metric ").append(route.metric());
    }
    route.expiresSeconds().ifPresent(seconds -> text.append(" expires ").append(seconds));
    text.append(onLink(route.flags()));
    route.hops().forEach(hop -> text.append(hop(hop)));
    return text.toString();
  }

  private static String hop(Route.Hop hop) {
    StringBuilder text = new StringBuilder(" nexthop");
    put(text, "via", hop.gateway());
    text.append(" dev ").append(hop.device()).append(" weight ").append(hop.weight());
    return text.append(onLink(hop.flags())).toString();
  }

  private static String onLink(int flags) {
    return (flags & ON_LINK) == 0 ? "" : " onlink";
  }

  private static String destination(Route route) {
    return route.destination().length() == 0
        ? "default"
        : Ipv6Text.of(route.destination().address()) + "/" + route.destination().length();
  }

  private static String type(int type) {
    return switch (type) {
      case Route.TYPE_UNICAST -> "";
      case 6 -> "blackhole ";
      case 7 -> "unreachable ";
      case 8 -> "prohibit ";
      default -> "type " + type + " ";
    };
  }

  private static String protocol(int protocol) {
    return switch (protocol) {
      case Route.PROTOCOL_KERNEL -> "kernel";
      case Route.PROTOCOL_STATIC -> "static";
      case 9 -> "ra";
      case 16 -> "dhcp";
      default -> Integer.toString(protocol);
    };
  }

  private static String scope(int scope) {
    return switch (scope) {
      case Route.SCOPE_UNIVERSE -> "global";
      case Route.SCOPE_LINK -> "link";
      case SCOPE_HOST -> "host";
      default -> Integer.toString(scope);
    };
  }

  private static void put(StringBuilder text, String word, Optional<InetAddress> address) {
    address.ifPresent(a -> text.append(' ').append(word).append(' ').append(Ipv6Text.of(a)));
  }
}
