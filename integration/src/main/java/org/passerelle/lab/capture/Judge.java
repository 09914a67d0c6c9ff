package org.passerelle.lab.capture;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.passerelle.lab.model.AddressText;
import org.passerelle.lab.model.Expectation;
import org.passerelle.lab.model.FrameCount;
import org.passerelle.lab.model.Located;
import org.passerelle.lab.topology.Interface;
import org.passerelle.lab.topology.Station;
import org.passerelle.lab.topology.Topology;
import org.passerelle.link.wire.IpPrefix;
import org.passerelle.link.wire.MacAddress;

/** Holds frames against an expectation: each of its rules must hold for every frame. */
public final class Judge {
  private static final int FRAMES_SHOWN = 4;

  private final Topology topology;
  private final FrameCount count;
  private final List<Rule> rules = new ArrayList<>();

  /** One key of the expectation; {@code seen} says what a frame has in its place. */
  private record Rule(
      String text, Predicate<FrameFacts> holds, Function<FrameFacts, String> seen) {}

  /**
   * What came of it.
   *
   * @param details the frames that break a rule, or the first ones when there are too many or few
   */
  public record Judgement(boolean passed, String expected, String seen, List<String> details) {}

  public Judge(Topology topology, Expectation expect) {
    this.topology = topology;
    this.count = expect.frames().orElse(FrameCount.SOME);
    if (!expect.vlan().isEmpty()) {
      String words = words(expect.vlan(), vlan -> vlan(vlan));
      rules.add(
          new Rule(
              "vlan " + words,
              facts -> expect.vlan().contains(facts.vlan()),
              facts -> "vlan " + vlan(facts.vlan())));
    }
    ether("ether-src", expect.etherSource(), FrameFacts::etherSource);
    ether("ether-dst", expect.etherDestination(), FrameFacts::etherDestination);
    ip("ip-src", expect.ipSource(), FrameFacts::ipSource);
    ip("ip-dst", expect.ipDestination(), FrameFacts::ipDestination);
  }

  private static String vlan(int vid) {
    return vid == 0 ? "none" : Integer.toString(vid);
  }

  private static <T> String words(List<T> values, Function<T, String> text) {
    return String.join(" or ", values.stream().map(text).toList());
  }

  private void ether(
      String key, List<Located<String>> wanted, Function<FrameFacts, MacAddress> field) {
    if (!wanted.isEmpty()) {
      List<MacAddress> macs = wanted.stream().flatMap(w -> macs(w.value()).stream()).toList();
      rules.add(
          new Rule(
              key + " " + words(wanted, Located::value),
              facts -> macs.contains(field.apply(facts)),
              facts -> key + " " + field.apply(facts)));
    }
  }

  private void ip(
      String key, List<Located<String>> wanted, Function<FrameFacts, Optional<InetAddress>> field) {
    if (!wanted.isEmpty()) {
      List<InetAddress> addresses =
          wanted.stream().flatMap(w -> addresses(w.value()).stream()).toList();
      rules.add(
          new Rule(
              key + " " + words(wanted, Located::value),
              facts -> field.apply(facts).filter(addresses::contains).isPresent(),
              facts -> key + " " + field.apply(facts).map(AddressText::of).orElse("none")));
    }
  }

  private List<MacAddress> macs(String word) {
    return word.contains(":")
        ? List.of(MacAddress.parse(word))
        : interfaces(word).stream().map(Interface::mac).toList();
  }

  private List<InetAddress> addresses(String word) {
    return word.contains(":") || word.matches("[0-9.]+")
        ? List.of(IpPrefix.address(word))
        : interfaces(word).stream()
            .flatMap(i -> i.addresses().stream())
            .map(IpPrefix::address)
            .toList();
  }

  /** Those of a station, or the one that is named behind the slash. */
  private List<Interface> interfaces(String word) {
    int slash = word.indexOf('/');
    Optional<Station> station = topology.station(slash < 0 ? word : word.substring(0, slash));
    return station.stream()
        .flatMap(found -> found.interfaces().stream())
        .filter(i -> slash < 0 || i.device().equals(word.substring(slash + 1)))
        .toList();
  }

  public Judgement judge(Frames frames) {
    String expected = expected();
    if (frames.lost() > 0) {
      String seen = frames.count() + " frames, and " + frames.lost() + " more than can be kept";
      return new Judgement(false, expected, seen, List.of());
    }
    for (Rule rule : rules) {
      List<CapturedFrame> breaking =
          frames.list().stream().filter(frame -> !holds(rule, frame)).toList();
      if (!breaking.isEmpty()) {
        String seen = broken(rule, breaking, frames.count());
        return new Judgement(false, expected, seen, frames.lines(breaking, FRAMES_SHOWN));
      }
    }
    boolean enough = count.accepts(frames.count());
    List<String> details = enough ? List.of() : frames.lines(FRAMES_SHOWN);
    return new Judgement(enough, expected, plural(frames.count()), details);
  }

  private static boolean holds(Rule rule, CapturedFrame frame) {
    return FrameFacts.of(frame.octets()).filter(rule.holds()).isPresent();
  }

  private static String broken(Rule rule, List<CapturedFrame> breaking, int of) {
    String first =
        FrameFacts.of(breaking.getFirst().octets()).map(rule.seen()).orElse("a truncated frame");
    return breaking.size() + " of " + plural(of) + " with " + first;
  }

  private static String plural(int frames) {
    return frames == 1 ? "1 frame" : frames + " frames";
  }

  private String expected() {
    List<String> parts = new ArrayList<>();
    parts.add(count.toString());
    rules.forEach(rule -> parts.add(rule.text()));
    return String.join(", ", parts);
  }
}
