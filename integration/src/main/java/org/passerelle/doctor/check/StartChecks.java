package org.passerelle.doctor.check;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.passerelle.doctor.Finding;
import org.passerelle.doctor.facts.Facts;
import org.passerelle.doctor.facts.Routing;
import org.passerelle.link.plan.VifNames;

/** Whether the network script runs that the scripts of vifs need beside them. */
final class StartChecks {
  private static final Reporter OWN = new Reporter(Finding.Section.PASSERELLE);
  private static final String NAT = "network-nat";
  private static final String ROUTE = "network-route";

  private StartChecks() {}

  static Stream<Finding> of(Facts facts) {
    if (!facts.own().readable()) {
      return Stream.empty();
    }
    return Stream.concat(
        missing(
            facts,
            NAT,
            "vif-nat",
            Routing.Mode.NAT,
            "their packets leave with addresses that nobody outside can answer"),
        missing(
            facts,
            ROUTE,
            "vif-route",
            Routing.Mode.ROUTE,
            "dom0 does not answer outside for their addresses"));
  }

  private static Stream<Finding> missing(
      Facts facts, String network, String script, Routing.Mode mode, String effect) {
    List<String> vifs = vifs(facts, mode);
    if (vifs.isEmpty() || !facts.own().uplinks(network).isEmpty()) {
      return Stream.empty();
    }
    boolean forwards = facts.settings().is("ipv4/ip_forward", "1");
    return Stream.of(
        OWN.trouble(
                !forwards,
                "not-started",
                network,
                "is not started, and " + script + " has attached " + VifNames.of(vifs),
                (forwards ? "" : "dom0 forwards nothing for these guests, and ") + effect,
                forwards ? "start it, unless somebody else does its work" : "start it")
            .with(List.of(StartLine.of(facts, network + " " + nic(facts)))));
  }

  private static List<String> vifs(Facts facts, Routing.Mode mode) {
    return facts.net().routing().guests().entrySet().stream()
        .filter(guest -> guest.getValue().mode() == mode)
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  /** The way out; where there is none the reader names it. */
  private static String nic(Facts facts) {
    return facts.net().uplink().orElse("NIC");
  }
}
