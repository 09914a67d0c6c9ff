package org.passerelle.link.os;

import org.passerelle.link.rtnl.Address;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.link.rtnl.LinkSpec;
import org.passerelle.link.rtnl.Neighbour;
import org.passerelle.link.rtnl.Route;

/** What an operation is called in an error: near to the words of {@code ip}. */
final class KernelWords {
  private KernelWords() {}

  static String create(LinkSpec spec) {
    return ("create "
            + spec.name()
            + " type "
            + spec.kind().name()
            + " "
            + spec.kind().ipArguments())
        .strip();
  }

  static String change(String device, LinkChange change) {
    StringBuilder words = new StringBuilder("set ").append(device);
    change.up().ifPresent(up -> words.append(up ? " up" : " down"));
    change.name().ifPresent(name -> words.append(" name ").append(name));
    change.mac().ifPresent(mac -> words.append(" address ").append(mac));
    change.mtu().ifPresent(mtu -> words.append(" mtu ").append(mtu));
    change.master().ifPresent(name -> words.append(master(name)));
    change.arp().ifPresent(on -> words.append(" arp").append(onOff(on)));
    change.multicast().ifPresent(on -> words.append(" multicast").append(onOff(on)));
    change.alias().ifPresent(text -> words.append(" alias '").append(text).append('\''));
    change.group().ifPresent(group -> words.append(" group ").append(group));
    change
        .kind()
        .ifPresent(
            kind ->
                words.append(" type ").append(kind.name()).append(' ').append(kind.ipArguments()));
    change.namespace().ifPresent(fd -> words.append(" netns (descriptor ").append(fd).append(')'));
    change.alternativeName().ifPresent(name -> words.append(" altname ").append(name));
    change.gsoMaxSize().ifPresent(size -> words.append(" gso_max_size ").append(size));
    change
        .ipv6AddressGeneration()
        .ifPresent(mode -> words.append(" addrgenmode ").append(ipv6Mode(mode)));
    return words.toString();
  }

  private static String ipv6Mode(int mode) {
    return switch (mode) {
      case Link.IPV6_FROM_MAC -> "eui64";
      case Link.IPV6_NONE -> "none";
      default -> Integer.toString(mode);
    };
  }

  private static String master(String name) {
    return name.isEmpty() ? " nomaster" : " master " + name;
  }

  private static String onOff(boolean on) {
    return on ? " on" : " off";
  }

  static String address(String verb, Address address) {
    return verb + " address " + address.local() + " of " + address.device();
  }

  static String route(String verb, Route route) {
    StringBuilder words = new StringBuilder(verb).append(" route ").append(route.destination());
    route.gateway().ifPresent(gateway -> words.append(" via ").append(gateway.getHostAddress()));
    if (!route.device().isEmpty()) {
      words.append(" dev ").append(route.device());
    }
    return words.append(" table ").append(route.table()).toString();
  }

  static String neighbour(String verb, Neighbour neighbour) {
    return verb
        + " neighbour "
        + neighbour.address().getHostAddress()
        + " of "
        + neighbour.device();
  }
}
