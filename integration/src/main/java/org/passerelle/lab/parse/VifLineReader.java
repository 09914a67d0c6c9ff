package org.passerelle.lab.parse;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import org.passerelle.lab.model.Located;
import org.passerelle.lab.model.Position;
import org.passerelle.lab.model.Problems;
import org.passerelle.lab.model.Rate;
import org.passerelle.lab.model.ScriptCall;
import org.passerelle.lab.model.Suggestion;
import org.passerelle.lab.model.VifLine;
import org.passerelle.lab.yaml.Value;
import org.passerelle.link.plan.RefusedException;
import org.passerelle.vlan.VlanGrant;

/**
 * Reads one vif of an xm or xl domain file: {@code key=value} pairs with commas between
 * (xl-network-configuration(5)). An empty line is a vif with every default.
 */
final class VifLineReader {
  /** Keys that mean something to a toolstack and not yet to us. */
  private static final Set<String> NOT_YET =
      Set.of("backend", "gatewaydev", "netdev", "devid", "trusted", "forwarddev");

  /** Keys that only concern an emulated device or a security module; a vif is the same without. */
  private static final Set<String> WITHOUT_EFFECT = Set.of("model", "accel", "policy", "label");

  private static final Set<String> CARRIED_OUT =
      new LinkedHashSet<>(
          java.util.List.of(
              "bridge", "mac", "ip", "rate", "vifname", "vlan", "mtu", "script", "type"));

  private final Value.Scalar line;
  private final Problems problems;
  private final Map<String, Value.Scalar> pairs = new LinkedHashMap<>();

  VifLineReader(Value.Scalar line, Problems problems) {
    this.line = line;
    this.problems = problems;
  }

  VifLine read() {
    int start = 0;
    for (String part : line.text().split(",", -1)) {
      pair(part, start);
      start += part.length() + 1;
    }
    type();
    return new VifLine(
        value("bridge", Grammar::device),
        value("mac", Grammar::mac),
        value("ip", VifLineReader::addresses).map(Located::value),
        value("rate", Rate::parse).map(Located::value),
        value("vifname", Grammar::device),
        value("vlan", VifLineReader::vlan),
        value("mtu", text -> Grammar.number(text, 68, 65521, "an MTU"))
            .map(mtu -> OptionalInt.of(mtu.value()))
            .orElse(OptionalInt.empty()),
        value("script", VifLineReader::script)
            .map(call -> new ScriptCall(call.value().name(), call.value().arguments(), call.at()))
            .map(new ScriptReader(problems)::vif),
        line.at());
  }

  private void pair(String part, int start) {
    String stripped = part.strip();
    if (stripped.isEmpty()) {
      return;
    }
    int lead = part.indexOf(stripped.charAt(0));
    Position at = line.at(start + lead);
    int equals = stripped.indexOf('=');
    if (equals < 1) {
      problems.error(
          at, stripped + ": not a vif option; options are key=value with commas between");
      return;
    }
    String key = stripped.substring(0, equals).strip();
    String value = stripped.substring(equals + 1).strip();
    Value.Scalar scalar = new Value.Scalar(value, false, line.at(start + lead + equals + 1));
    known(key, at);
    if (pairs.putIfAbsent(key, scalar) != null) {
      problems.error(at, key + ": given twice in one vif");
    }
  }

  private void known(String key, Position at) {
    if (NOT_YET.contains(key)) {
      problems.unsupported(at, "`" + key + "=` of a vif");
    } else if (WITHOUT_EFFECT.contains(key)) {
      problems.warning(at, key + "= has no effect on a paravirtual vif");
    } else if (!CARRIED_OUT.contains(key)) {
      problems.error(at, key + ": no such vif option; " + Suggestion.of(key, CARRIED_OUT));
    }
  }

  private void type() {
    Value.Scalar type = pairs.get("type");
    if (type != null && type.text().equals("ioemu")) {
      problems.unsupported(type.at(), "an emulated device (type=ioemu)");
    } else if (type != null && !type.text().equals("vif")) {
      problems.error(type.at(), "type=" + type.text() + ": no such type; write type=vif");
    }
  }

  private <T> Optional<Located<T>> value(String key, Function<String, T> read) {
    Value.Scalar scalar = pairs.get(key);
    if (scalar == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Located<>(read.apply(scalar.text()), scalar.at()));
    } catch (IllegalArgumentException e) {
      problems.error(
          scalar.at(), key + "=" + Grammar.naming(scalar.text(), e.getMessage()).replace("`", ""));
      return Optional.empty();
    }
  }

  /** One or more addresses or networks, blanks between; kept as written. */
  private static String addresses(String text) {
    for (String address : text.strip().split("\\s+")) {
      org.passerelle.link.wire.IpPrefix.parse(address);
    }
    return text;
  }

  private static VifLine.Vlan vlan(String text) {
    try {
      return new VifLine.Vlan(text, VlanGrant.parse(text));
    } catch (RefusedException wrong) {
      throw new IllegalArgumentException(
          wrong.getMessage().substring(("vlan=" + text + ": ").length()), wrong);
    }
  }

  private static ScriptCall script(String text) {
    return ScriptReader.call(text, Position.START);
  }
}
