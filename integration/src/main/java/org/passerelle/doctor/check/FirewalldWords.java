package org.passerelle.doctor.check;

import java.util.List;
import java.util.stream.Stream;

/**
 * What makes firewalld let packets pass, for good. The zone trusted would open all of dom0 to
 * guests; a zone lets nobody out of it, nor into it, without a policy (seen with 1.3.3).
 */
final class FirewalldWords {
  private static final String ZONE = "passerelle";

  private FirewalldWords() {}

  /** What the lines do. */
  static String remedy(List<Sample> samples) {
    if (samples.stream().allMatch(sample -> sample.purpose() == Purpose.BRIDGED)) {
      return "the bridge in its default zone, and what stays in a zone passes, for good (firewalld"
          + " 0.9 or newer)";
    }
    return "a zone of their own for vifs, and a policy that lets it out, for good (firewalld 0.9 or"
        + " newer; NAME_CONFLICT: it is there already). Out of it guests reach all that dom0"
        + " reaches; of dom0 itself what that zone allows, echo requests alone at first"
        + " (firewall-cmd --permanent --zone=passerelle --add-service=ssh)";
  }

  static List<String> lines(List<Sample> samples) {
    return Stream.concat(
            samples.stream()
                .flatMap(FirewalldWords::words)
                .distinct()
                .map(words -> "firewall-cmd --permanent " + words),
            Stream.of("firewall-cmd --reload"))
        .toList();
  }

  private static Stream<String> words(Sample sample) {
    if (sample.purpose() == Purpose.BRIDGED) {
      // Its zone decides what dom0 itself serves; in a zone, what stays in it passes.
      return Stream.of(
          "--zone=$(firewall-cmd --get-default-zone) --change-interface=" + sample.devices(),
          "--zone=$(firewall-cmd --get-default-zone) --add-forward");
    }
    return Stream.concat(
        Stream.of("--new-zone=" + ZONE, zone("--change-interface=" + sample.devices())),
        switch (sample.purpose()) {
          case LEASE -> Stream.of(zone("--add-service=dhcp"));
          case LEASED, ANSWER, NEIGHBOUR_OUT -> policy("host", "HOST", ZONE);
          case NEIGHBOUR -> Stream.of(zone("--add-protocol=ipv6-icmp"));
          case OUT -> policy("out", ZONE, "ANY");
          default -> policy("in", "ANY", ZONE);
        });
  }

  private static String zone(String words) {
    return "--zone=" + ZONE + " " + words;
  }

  private static Stream<String> policy(String way, String from, String to) {
    String name = ZONE + "-" + way;
    String policy = "--policy=" + name + " ";
    return Stream.of(
        "--new-policy=" + name,
        policy + "--add-ingress-zone=" + from,
        policy + "--add-egress-zone=" + to,
        policy + "--set-target=ACCEPT");
  }
}
