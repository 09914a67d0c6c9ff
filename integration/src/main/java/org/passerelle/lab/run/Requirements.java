package org.passerelle.lab.run;

import java.util.ArrayList;
import java.util.List;
import org.passerelle.lab.capture.FrameFilter;
import org.passerelle.lab.model.Check;
import org.passerelle.lab.model.Lab;
import org.passerelle.lab.model.Located;
import org.passerelle.lab.model.Problem;
import org.passerelle.lab.model.Problems;
import org.passerelle.lab.model.ScriptCall;
import org.passerelle.lab.topology.Topology;
import org.passerelle.link.os.Capability;
import org.passerelle.link.os.HostCapability;

/** What a lab needs of this host, looked at before anything is made. */
public final class Requirements {
  private Requirements() {}

  /** The topology with {@code switching: auto} decided by what this host has. */
  public static Topology decided(Topology topology) {
    if (topology.lab().switching() != Lab.Switching.AUTO) {
      return topology;
    }
    boolean kernel =
        !topology.guardsOfBridges().isEmpty()
            || HostCapability.of(Capability.BRIDGE).present()
                && (!topology.hasVlans() || HostCapability.of(Capability.VLAN_8021Q).present());
    return topology.withSwitching(kernel ? Lab.Switching.KERNEL : Lab.Switching.USERSPACE);
  }

  /** What the host lacks for this lab, each with its cause and its remedy. */
  public static List<HostCapability> missing(Topology topology) {
    List<Capability> needed = new ArrayList<>(List.of(Capability.NET_ADMIN, Capability.VETH));
    if (decided(topology).lab().switching() == Lab.Switching.KERNEL) {
      needed.add(Capability.BRIDGE);
      if (topology.hasVlans()) {
        needed.add(Capability.VLAN_8021Q);
      }
    } else {
      needed.addAll(List.of(Capability.PACKET_SOCKET, Capability.INGRESS_DROP));
    }
    if (!topology.vifs().isEmpty()) {
      needed.add(LinkMaker.needed());
    }
    if (topology.isFiltered()) {
      needed.add(Capability.NFTABLES);
    }
    if (topology.hasDhcp()) {
      needed.addAll(List.of(Capability.DNSMASQ, Capability.DHCP_CLIENT));
    }
    if (captures(topology)) {
      needed.add(Capability.LIBPCAP);
    }
    List<HostCapability> missing = new ArrayList<>();
    for (Capability capability : needed) {
      HostCapability found = HostCapability.of(capability);
      if (!found.present()) {
        missing.add(found);
        if (capability == Capability.NET_ADMIN) {
          return missing; // without it nothing else can be told
        }
      }
    }
    return missing;
  }

  /** Checks that listen to frames; blocked listens at its target. */
  private static boolean captures(Topology topology) {
    return topology.lab().checks().stream()
        .anyMatch(check -> check instanceof Check.Capture || check instanceof Check.Blocked);
  }

  /** Filters that libpcap does not understand, and guards that would not be asked. */
  public static List<Problem> problems(Topology topology) {
    Problems problems = new Problems();
    if (topology.lab().switching() == Lab.Switching.USERSPACE) {
      for (ScriptCall guard : topology.guardsOfBridges()) {
        problems.error(
            guard.at(),
            "antispoof=yes: bridges in user space take frames before the packet filter sees them;"
                + " `switching: kernel` has it");
      }
    }
    filters(topology).forEach(filter -> compile(filter, problems));
    return problems.all();
  }

  /** What libpcap says of the filters; where there is no libpcap, that nobody looked at them. */
  public static List<Problem> filterProblems(Topology topology) {
    Problems problems = new Problems();
    HostCapability libpcap = HostCapability.of(Capability.LIBPCAP);
    for (Located<String> filter : filters(topology)) {
      if (libpcap.present()) {
        compile(filter, problems);
      } else {
        problems.warning(filter.at(), "this filter was not looked at: this host lacks " + libpcap);
      }
    }
    return problems.all();
  }

  private static List<Located<String>> filters(Topology topology) {
    return topology.lab().checks().stream()
        .filter(Check.Capture.class::isInstance)
        .flatMap(check -> ((Check.Capture) check).filter().stream())
        .toList();
  }

  private static void compile(Located<String> filter, Problems problems) {
    try {
      FrameFilter.compile(filter.value()).close();
    } catch (IllegalArgumentException e) {
      problems.error(filter.at(), "not a capture filter: " + e.getMessage());
    }
  }
}
