package org.passerelle.doctor.check;

import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.passerelle.doctor.filter.Stage;
import org.passerelle.natroute.nft.FilterChain;

/**
 * The rule of a chain that would let a packet pass, as narrow as its hook can have it: not at each
 * does a rule know both devices, or the connection.
 */
final class RuleWords {
  private final FilterChain chain;
  private final Stage stage;
  private final long priority;

  RuleWords(FilterChain chain) {
    FilterChain.Hook hook = chain.hook().orElseThrow();
    this.chain = chain;
    this.stage = Stage.of(hook.name());
    this.priority = hook.priority();
  }

  String nft(Sample sample) {
    return words(
        words("iifname", quoted(in(sample))),
        words("oifname", quoted(out(sample))),
        isWide(sample) ? "" : sample.purpose().nft(),
        "accept");
  }

  String iptables(Sample sample) {
    // There iptables takes the way out alone.
    String in = stage == Stage.POSTROUTING ? "" : in(sample);
    return words(
        words("-i", Sample.plus(in)),
        words("-o", Sample.plus(out(sample))),
        isWide(sample) ? "" : sample.purpose().iptables(),
        "-j ACCEPT");
  }

  /** Whether it lets more pass, for here nothing tells these packets from others. */
  boolean isWide(Sample sample) {
    return sample.purpose().isOfConnections()
        && (chain.family().equals("netdev") || !stage.knowsConnections(priority));
  }

  private String in(Sample sample) {
    return stage.hasIn() && isNamed(sample, sample.packet().in()) ? sample.packet().in() : "";
  }

  private String out(Sample sample) {
    return stage.hasOut() && isNamed(sample, sample.packet().out()) ? sample.packet().out() : "";
  }

  /** Between ports of a bridge the guest's is enough where it is known. */
  private boolean isNamed(Sample sample, String device) {
    return !sample.purpose().isFrame()
        || device.equals(sample.device())
        || !(stage.hasIn() && stage.hasOut());
  }

  private static String quoted(String device) {
    return device.isEmpty() ? "" : '"' + Sample.glob(device) + '"';
  }

  /** Nothing of what has no value. */
  private static String words(String name, String value) {
    return value.isEmpty() ? "" : name + " " + value;
  }

  private static String words(String in, String out, String more, String verdict) {
    return Stream.of(in, out, more, verdict)
        .filter(word -> !word.isEmpty())
        .collect(Collectors.joining(" "));
  }
}
