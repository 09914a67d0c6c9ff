package org.passerelle.lab.parse;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.passerelle.lab.model.Check;
import org.passerelle.lab.model.Endpoint;
import org.passerelle.lab.model.Family;
import org.passerelle.lab.model.Located;
import org.passerelle.lab.model.Position;
import org.passerelle.lab.model.Problems;
import org.passerelle.lab.yaml.Value;

/** Checks that send something from one end to another: ping, blocked, tcp, throughput. */
final class TrafficReader {
  static final Set<String> KINDS = Set.of("ping", "blocked", "tcp", "throughput");

  /** The port of the echo service that every station has (RFC 862). */
  private static final int ECHO_PORT = 7;

  private static final int PING_COUNT = 2;

  private final Problems problems;

  TrafficReader(Problems problems) {
    this.problems = problems;
  }

  /** {@code KIND: A -> B}, or {@code KIND: {from: A, to: B, …}}. */
  Optional<Check.Traffic> read(String kind, Value value, Optional<String> name, Position at) {
    if (value instanceof Value.Scalar arrow && !arrow.text().isEmpty()) {
      Fields none = new Fields(new Value.Mapping(java.util.Map.of(), arrow.at()), problems);
      return arrow(arrow).map(path -> made(kind, path, none, name, at));
    }
    Fields fields = Fields.of(value, kind, problems);
    Optional<Located<Endpoint>> from = end(fields, "from", "from: web");
    Optional<Located<Endpoint>> to = end(fields, "to", "to: gw");
    Optional<Family> family = fields.one("family", TrafficReader::family).map(Located::value);
    Optional<Check.Traffic> check =
        from.flatMap(f -> to.map(t -> new Check.Path(f, t, family)))
            .map(path -> made(kind, path, fields, name, at));
    List.of("count", "port", "at-least").stream()
        .filter(key -> check.isEmpty() && option(kind).equals(key))
        .forEach(fields::take);
    fields.done("of " + kind);
    return check;
  }

  private static String option(String kind) {
    return switch (kind) {
      case "ping" -> "count";
      case "tcp" -> "port";
      case "throughput" -> "at-least";
      default -> "";
    };
  }

  private Optional<Located<Endpoint>> end(Fields fields, String key, String example) {
    return fields
        .needScalar(key, example)
        .flatMap(scalar -> fields.read(scalar, Grammar::endpoint));
  }

  private Optional<Check.Path> arrow(Value.Scalar scalar) {
    String text = scalar.text();
    int arrow = text.indexOf("->");
    if (arrow < 0) {
      problems.error(scalar.at(), text + ": from where to where? Write web -> gw");
      return Optional.empty();
    }
    int right = arrow + 2;
    while (right < text.length() && text.charAt(right) == ' ') {
      right++;
    }
    Optional<Located<Endpoint>> from = part(text.substring(0, arrow), scalar.at(0));
    Optional<Located<Endpoint>> to = part(text.substring(right), scalar.at(right));
    return from.flatMap(f -> to.map(t -> new Check.Path(f, t, Optional.empty())));
  }

  private Optional<Located<Endpoint>> part(String text, Position at) {
    try {
      return Optional.of(new Located<>(Grammar.endpoint(text.strip()), at));
    } catch (IllegalArgumentException e) {
      problems.error(at, Grammar.naming(text.strip(), e.getMessage()));
      return Optional.empty();
    }
  }

  private static Family family(String text) {
    return switch (text) {
      case "4" -> Family.V4;
      case "6" -> Family.V6;
      default -> throw new IllegalArgumentException("not a family; 4 or 6");
    };
  }

  private static Check.Traffic made(
      String kind, Check.Path path, Fields fields, Optional<String> name, Position at) {
    String title = name.orElse(kind + " " + path);
    return switch (kind) {
      case "ping" ->
          new Check.Ping(
              title,
              path,
              fields
                  .one("count", text -> Grammar.number(text, 1, 100_000, "a count"))
                  .map(Located::value)
                  .orElse(PING_COUNT),
              at);
      case "blocked" -> new Check.Blocked(title, path, at);
      case "tcp" -> {
        int port = fields.one("port", Grammar::port).map(Located::value).orElse(ECHO_PORT);
        yield new Check.Tcp(name.orElse(title + " port " + port), path, port, at);
      }
      default ->
          new Check.Throughput(
              title,
              path,
              fields.one("at-least", Grammar::bitRate).map(Located::value).orElse(1L),
              at);
    };
  }
}
