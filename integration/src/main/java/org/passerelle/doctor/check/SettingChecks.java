package org.passerelle.doctor.check;

import java.util.List;
import java.util.stream.Stream;
import org.passerelle.doctor.Finding;
import org.passerelle.doctor.facts.Facts;
import org.passerelle.doctor.facts.Settings;

/** Settings on which guests' traffic depends. */
final class SettingChecks {
  private static final Reporter SETTINGS = new Reporter(Finding.Section.SETTINGS);
  private static final String FORWARD = "ipv4/ip_forward";
  private static final String STRICT = "ipv4/conf/all/rp_filter";
  private static final String BRIDGED = "bridge/bridge-nf-call-iptables";

  private SettingChecks() {}

  static Stream<Finding> of(Facts facts) {
    return Stream.of(forwarding(facts), reversePath(facts.settings()), bridged(facts))
        .flatMap(findings -> findings);
  }

  private static String file(String key) {
    return "net." + key.replace('/', '.');
  }

  private static Finding setting(Finding finding, String key, String value) {
    return finding.with(List.of("sysctl -w " + file(key) + "=" + value));
  }

  private static Stream<Finding> forwarding(Facts facts) {
    boolean on = facts.settings().is(FORWARD, "1");
    List<String> started = facts.own().started();
    if (!started.isEmpty() && !on) {
      return Stream.of(
          setting(
              SETTINGS.bad(
                  "forwarding-off",
                  file(FORWARD),
                  "is 0 though " + String.join(", ", started) + " is started: somebody reset it",
                  "guests reach nothing outside",
                  "set it, and look for who resets it (/etc/sysctl.d, sysctl --system)"),
              FORWARD,
              "1"));
    }
    String who = started.isEmpty() ? "network-route and network-nat set it" : "as it must be";
    return Stream.of(SETTINGS.ok("forwarding", file(FORWARD), (on ? "1" : "0") + "; " + who));
  }

  private static Stream<Finding> reversePath(Settings settings) {
    return settings.is(STRICT, "1")
        ? Stream.of(
            setting(
                SETTINGS.warn(
                    "rp-filter-strict",
                    file(STRICT),
                    "is 1, strict",
                    "IPv4 from outside pauses while network-bridge moves the routes, and what comes"
                        + " in by another way than answers go out is dropped",
                    "2, loose, is enough against forged senders"),
                STRICT,
                "2"))
        : Stream.of(
            SETTINGS.ok(
                "rp-filter", file(STRICT), settings.value(STRICT).orElse("?") + ", not strict"));
  }

  private static Stream<Finding> bridged(Facts facts) {
    if (!facts.settings().is(BRIDGED, "1")) {
      return Stream.of(
          SETTINGS.ok("bridge-nf", file(BRIDGED), "off: bridged frames pass no iptables"));
    }
    return Stream.of(
        setting(
            SETTINGS.warn(
                "bridge-nf-on",
                file(BRIDGED),
                "is 1: what passes a bridge passes the host's rules for forwarding, too",
                "a rule that is meant for routed packets drops those between guests on a bridge;"
                    + " see firewall",
                "0, unless something here needs it (Docker and Kubernetes set it)"),
            BRIDGED,
            "0"));
  }
}
