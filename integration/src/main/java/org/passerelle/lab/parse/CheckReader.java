package org.passerelle.lab.parse;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.passerelle.lab.model.Check;
import org.passerelle.lab.model.Located;
import org.passerelle.lab.model.Point;
import org.passerelle.lab.model.Position;
import org.passerelle.lab.model.Problems;
import org.passerelle.lab.yaml.Value;
import org.passerelle.lab.yaml.YamlReader;

/** {@code checks:}. */
final class CheckReader {
  private static final Set<String> KINDS =
      new LinkedHashSet<>(List.of("ping", "blocked", "tcp", "throughput", "capture", "do"));
  private static final Set<String> NOT_YET = Set.of("udp", "dhcp", "send", "migrate");

  private final Problems problems;
  private final TrafficReader traffic;

  CheckReader(Problems problems) {
    this.problems = problems;
    this.traffic = new TrafficReader(problems);
  }

  List<Check> read(Optional<Value> value) {
    List<Check> checks = new ArrayList<>();
    for (Value item : value.map(YamlReader::items).orElse(List.of())) {
      check(item).ifPresent(checks::add);
    }
    return checks;
  }

  private Optional<Check> check(Value item) {
    if (!(item instanceof Value.Mapping mapping)) {
      problems.error(
          item.at(), "a check is `KIND: …`, not " + item.kind() + "; for example ping: web -> gw");
      return Optional.empty();
    }
    Fields fields = new Fields(mapping, problems);
    Optional<String> name = fields.scalar("name").map(Value.Scalar::text);
    NOT_YET.forEach(fields::unsupported);
    List<String> kinds = fields.keys().stream().filter(KINDS::contains).toList();
    KINDS.forEach(fields::take);
    fields.done("of a check");
    if (kinds.size() != 1) {
      refuse(fields, kinds);
      return Optional.empty();
    }
    String kind = kinds.getFirst();
    return one(kind, fields.take(kind).orElseThrow(), name, fields.keyAt(kind));
  }

  private void refuse(Fields fields, List<String> kinds) {
    if (kinds.size() > 1) {
      problems.error(fields.at(), "one check each, not " + String.join(" and ", kinds));
    } else if (fields.keys().stream().allMatch("name"::equals)) {
      problems.error(fields.at(), "a check needs one of " + String.join(", ", KINDS));
    }
  }

  private Optional<Check> one(String kind, Value value, Optional<String> name, Position at) {
    return switch (kind) {
      case "capture" -> new CaptureReader(problems, traffic).read(value, name, at);
      case "do" -> action(value, name);
      default -> traffic.read(kind, value, name, at).map(Check.class::cast);
    };
  }

  private Optional<Check> action(Value value, Optional<String> name) {
    Optional<Value.Scalar> scalar = Fields.scalar("do", value, problems);
    if (scalar.isEmpty()) {
      return Optional.empty();
    }
    String text = scalar.get().text();
    String[] words = text.strip().split("\\s+");
    Position at = scalar.get().at();
    if (Set.of("pause", "unpause", "link", "migrate").contains(words[0])) {
      problems.unsupported(at, "`do: " + words[0] + "`");
      return Optional.empty();
    }
    Optional<Check.Verb> verb = verb(words[0]);
    if (verb.isEmpty() || words.length != 2) {
      problems.error(
          at,
          text + ": not an action; write attach, detach or restart-backend and a vif, web/vif0");
      return Optional.empty();
    }
    Position pointAt = scalar.get().at(text.indexOf(words[1], words[0].length()));
    return point(words[1], pointAt)
        .map(point -> new Check.Action(name.orElse(text), verb.get(), point, at));
  }

  private static Optional<Check.Verb> verb(String word) {
    return List.of(Check.Verb.values()).stream().filter(v -> v.word().equals(word)).findFirst();
  }

  private Optional<Located<Point>> point(String text, Position at) {
    try {
      if (Grammar.point(text) instanceof Point.Ring ring) {
        return Optional.of(new Located<>(ring, at));
      }
      problems.error(at, text + ": not a vif; write web/vif0");
    } catch (IllegalArgumentException e) {
      problems.error(at, Grammar.naming(text, e.getMessage()));
    }
    return Optional.empty();
  }
}
