package org.passerelle.scripts;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.PlanSteps;
import org.passerelle.link.plan.VifNames;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.natroute.GuestLease;
import org.passerelle.natroute.Masquerade;
import org.passerelle.natroute.RoutedGuest;
import org.passerelle.scripts.UsageEntry.Kind;

/**
 * {@code network-nat start|stop|status}: dom0 forwards, and its guests are seen outside in its
 * name.
 */
public final class NetworkNat extends ForwardingScript {
  private static final Usage USAGE =
      Usage.ofNetwork(
          "network-nat",
          "Makes dom0 a router in whose name guests are seen outside.",
          List.of(
              UsageTables.ROUTED_NETDEV,
              UsageTables.FORWARDED_IPV6,
              UsageEntry.word(
                  Dhcp.KEY, "yes: guests are told their address", "no; yes with /etc/dhcpd.conf"),
              UsageTables.LIMITING,
              UsageTables.GUARDING,
              UsageEntry.of(Kind.FILE, "/etc/resolv.conf", "the name servers that guests are told"),
              UsageEntry.of(
                  Kind.FILE, "/etc/dhcp/dhcpd.conf", "where ISC's dhcpd serves; its like, too")));

  public NetworkNat() {
    super(USAGE, false);
  }

  @Override
  void addMore(PlanSteps steps, ScriptArguments arguments) {
    boolean dhcp = Dhcp.isWanted(arguments.value(Dhcp.KEY));
    if (!dhcp) {
      GuestLease.removeServer(steps, user(arguments));
    }
    new Masquerade(netdev(arguments)).addMissing(steps);
    if (dhcp) {
      addServer(steps, arguments);
    }
  }

  private void addServer(PlanSteps steps, ScriptArguments arguments) {
    try {
      GuestLease.addServer(steps, user(arguments));
    } catch (KernelException e) {
      throw new ScriptException(
          "dhcp=yes cannot be had, and nothing was changed: " + e.getMessage(), e);
    }
  }

  @Override
  void removeMore(PlanSteps steps, ScriptArguments arguments) {
    GuestLease.removeServer(steps, user(arguments));
    new Masquerade(netdev(arguments)).remove(steps);
  }

  @Override
  Map<String, String> counting(ScriptContext context, ScriptArguments arguments) {
    Map<String, String> counting = super.counting(context, arguments);
    boolean told = context.kernel().dhcpUsers().contains(user(arguments));
    if (told && !Dhcp.isWanted(arguments.value(Dhcp.KEY))) {
      counting.put(Dhcp.KEY, "yes");
    }
    return counting;
  }

  @Override
  List<String> late(ScriptContext context, ScriptArguments arguments) {
    List<String> lines = new ArrayList<>(super.late(context, arguments));
    Host host = host(context);
    VifFacts vifs = new VifFacts(context.runDirectory(), host);
    boolean told = Dhcp.isWanted(arguments.value(Dhcp.KEY));
    if (!told && host.dhcpUsers().equals(List.of(user(arguments)))) {
      lines.addAll(untold(named(host, vifs::isTold), arguments.dryRun()));
    }
    if (told && !host.dhcpUsers().contains(user(arguments))) {
      lines.addAll(
          new LateWords(context.runDirectory(), name(), arguments)
              .lines(named(host, guest -> !vifs.isTold(guest)), Dhcp.KEY));
    }
    if (isStarted(context, arguments) && host.table().isEmpty()) {
      lines.add(
          "somebody had taken our table away, and it "
              + (arguments.dryRun() ? "would be made anew" : "was made anew"));
    }
    return lines;
  }

  private List<String> named(Host host, Predicate<RoutedGuest> which) {
    return guests(host).stream().filter(which).map(RoutedGuest::vif).toList();
  }

  private static List<String> untold(List<String> vifs, boolean planned) {
    return vifs.isEmpty()
        ? List.of()
        : List.of(
            "attached, and "
                + (planned ? "would be told no address any more: " : "told no address any more: ")
                + VifNames.of(vifs));
  }

  @Override
  void addFacts(ForwardingFacts facts, Host host, ScriptArguments arguments) {
    facts.add("masquerades", () -> new Masquerade(netdev(arguments)).words(host));
    facts.add(Dhcp.KEY, () -> GuestLease.server(host, user(arguments)).orElse("no"));
  }

  @Override
  List<RoutedGuest> guests(Host host) {
    return RoutedGuest.translated(host);
  }
}
