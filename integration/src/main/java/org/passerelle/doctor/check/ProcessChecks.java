package org.passerelle.doctor.check;

import java.util.List;
import java.util.stream.Stream;
import org.passerelle.doctor.Finding;
import org.passerelle.doctor.facts.DhcpFacts;
import org.passerelle.doctor.facts.Facts;

/** Whether those run that the scripts have started, and that guests' traffic depends on. */
final class ProcessChecks {
  private static final Reporter OWN = new Reporter(Finding.Section.PASSERELLE);

  private static final String DHCP = "DHCP";

  private ProcessChecks() {}

  static Stream<Finding> of(Facts facts) {
    return facts.own().readable()
        ? Stream.concat(
            facts.net().trunks().keySet().stream().sorted().map(nic -> trunk(facts, nic)),
            leases(facts))
        : Stream.empty();
  }

  private static Finding trunk(Facts facts, String nic) {
    String devices = String.join(", ", facts.net().trunks().get(nic));
    return facts.own().trunks().contains(nic)
        ? OWN.ok("trunk", nic, "has a process that serves its VLANs: " + devices)
        : OWN.bad(
                "trunk-gone",
                nic,
                "has VLANs in user space, and no process that serves them: " + devices,
                "no frame of these VLANs passes",
                "start any of them again (of a vif, its vif-bridge online), or the process alone; a"
                    + " systemd unit that runs the script needs KillMode=process")
            .with(List.of("setsid passerelle trunk " + nic + " &"));
  }

  private static Stream<Finding> leases(Facts facts) {
    DhcpFacts dhcp = facts.dhcp();
    if (dhcp.users().isEmpty()) {
      return Stream.empty();
    }
    String users = String.join(", ", dhcp.users());
    return Stream.of(
        dhcp.running()
            .map(running -> running ? served(users) : gone(facts, users))
            .orElseGet(() -> unseen(users)));
  }

  private static Finding served(String users) {
    return OWN.ok("dhcp", DHCP, "is served, as " + users + " wants it");
  }

  private static Finding gone(Facts facts, String users) {
    return OWN.bad(
            "dhcp-gone",
            DHCP,
            "is not served, though " + users + " wants it: the server was killed, or cannot start",
            "guests get no lease, and lose those that they have",
            "start it again, which says why it cannot")
        .with(facts.dhcp().users().stream().map(user -> StartLine.of(facts, user)).toList());
  }

  private static Finding unseen(String users) {
    return OWN.unseen(
        "dhcp-unseen",
        DHCP,
        "whether it is served, as " + users + " wants it, was not seen",
        "run this as root, with all of its capabilities");
  }
}
