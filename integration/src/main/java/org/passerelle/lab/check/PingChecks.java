package org.passerelle.lab.check;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.passerelle.lab.capture.Capture;
import org.passerelle.lab.capture.Frames;
import org.passerelle.lab.model.AddressText;
import org.passerelle.lab.model.Check;
import org.passerelle.lab.model.Family;
import org.passerelle.lab.topology.Interface;
import org.passerelle.lab.topology.Journey;
import org.passerelle.lab.topology.Station;

/** {@code ping} and {@code blocked}. */
final class PingChecks {
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  /** How long silence must last to count. */
  private static final Duration SILENCE = Duration.ofMillis(500);

  private static final int FRAMES_SHOWN = 4;

  private final RunningLab lab;
  private final Pinger pinger;

  PingChecks(RunningLab lab) {
    this.lab = lab;
    this.pinger = new Pinger(lab);
  }

  Verdict ping(Check.Ping check, Journey journey) {
    Pinger.Result result = pinger.ping(journey, check.count(), TIMEOUT);
    int count = check.count();
    String target = AddressText.of(journey.target());
    String expected = (count == 1 ? "1 reply" : count + " replies") + " from " + target;
    return Verdict.of(result.received() == count, expected, result.text());
  }

  /**
   * Nothing may come through, neither a reply here nor a request there; and the target has to be
   * seen alive, before and after.
   */
  Verdict blocked(Journey journey) throws Exception {
    String expected = "nothing from " + journey.from().name() + " at " + receiver(journey);
    Optional<String> dead = provenDead(journey);
    if (dead.isPresent()) {
      return Verdict.of(false, expected, "inconclusive: " + dead.get());
    }
    try (Capture there = new Capture(Optional.of(requestsOf(journey)))) {
      Interface receiver = journey.receiver().orElseThrow();
      lab.at(
          receiver.station(),
          () -> {
            there.listenOn(receiver.device());
            return null;
          });
      Pinger.Result result = pinger.ping(journey, 2, SILENCE);
      there.stop();
      return silence(journey, expected, result, there.frames());
    }
  }

  private Verdict silence(Journey journey, String expected, Pinger.Result result, Frames arrived) {
    if (result.received() > 0) {
      return Verdict.of(false, expected, result.text());
    }
    if (arrived.count() > 0) {
      return Verdict.of(false, expected, "no reply, but the requests arrived")
          .with(List.of(), arrived.lines(FRAMES_SHOWN));
    }
    return provenDead(journey)
        .map(dead -> Verdict.of(false, expected, "inconclusive: " + dead))
        .orElseGet(() -> Verdict.of(true, expected, "nothing came, and the target lives"));
  }

  private static String receiver(Journey journey) {
    return journey.receiver().map(Interface::toString).orElse(AddressText.of(journey.target()));
  }

  /** Why we do not know that the target lives; empty when its own segment reaches it. */
  private Optional<String> provenDead(Journey journey) {
    Interface receiver = journey.receiver().orElseThrow();
    Optional<Station> neighbour =
        lab.topology().neighbour(receiver, journey.target(), journey.from());
    if (neighbour.isEmpty()) {
      return Optional.of("nobody on " + receiver.segment() + " can prove that the target lives");
    }
    Journey probe =
        new Journey(
            neighbour.get(),
            Optional.empty(),
            Optional.empty(),
            journey.target(),
            Optional.empty());
    Pinger.Result result = pinger.ping(probe, 1, TIMEOUT);
    return result.received() > 0
        ? Optional.empty()
        : Optional.of("its neighbour " + neighbour.get().name() + " does not reach it either");
  }

  /** Echo requests that carry one of the sender's addresses. */
  private static String requestsOf(Journey journey) {
    List<String> sources =
        journey.from().interfaces().stream()
            .flatMap(i -> i.address(journey.family()).stream())
            .map(address -> "src host " + AddressText.of(address))
            .toList();
    String kind =
        journey.family() == Family.V6 ? "icmp6 and ip6[40] == 128" : "icmp[icmptype] == icmp-echo";
    return sources.isEmpty() ? kind : kind + " and (" + String.join(" or ", sources) + ")";
  }
}
