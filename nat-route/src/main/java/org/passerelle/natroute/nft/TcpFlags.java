package org.passerelle.natroute.nft;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What rules ask of TCP's flags, as matches of one form: {@code tcp flags & ack,syn} for the flags
 * that count, {@code tcp flags} where all do, and as the value those that are set of them, in the
 * order of the alphabet; empty text for none.
 */
public final class TcpFlags {
  public static final String FIELD = "tcp flags";
  private static final String MASK = FIELD + " & ";

  private TcpFlags() {}

  /** A packet's flags, as far as they count for a field; empty when the field is another one. */
  public static Optional<String> counting(String field, String flags) {
    return field.startsWith(MASK)
        ? Optional.of(counting(List.of(field.substring(MASK.length()).split(",")), flags))
        : Optional.of(flags).filter(_ -> field.equals(FIELD));
  }

  private static String counting(List<String> mask, String flags) {
    return joined(Stream.of(flags.split(",")).filter(mask::contains));
  }

  /**
   * Reads a match (libnftables-json(5)); empty when it is of something else, or in no known form.
   */
  static Optional<Statement> read(Map<?, ?> match) {
    Object left = match.get("left");
    Object right = match.get("right");
    Object operator = match.get("op");
    boolean negated = "!=".equals(operator);
    boolean compares = negated || "==".equals(operator);
    if (isField(left)) {
      return compares
          ? flags(right).map(value -> match(FIELD, negated, value))
          : flags(right).map(mask -> match(MASK + mask, "in".equals(operator), ""));
    }
    return left instanceof Map<?, ?> and
            && and.get("&") instanceof List<?> both
            && both.size() == 2
            && isField(both.getFirst())
            && compares
        ? flags(both.getLast())
            .flatMap(mask -> flags(right).map(value -> match(MASK + mask, negated, value)))
        : Optional.empty();
  }

  private static Statement match(String field, boolean negated, String value) {
    return new Statement.Match(field, negated, List.of(value));
  }

  private static boolean isField(Object left) {
    return left instanceof Map<?, ?> one
        && one.get("payload") instanceof Map<?, ?> payload
        && FIELD.equals(payload.get("protocol") + " " + payload.get("field"));
  }

  /** One, several, or none. */
  private static Optional<String> flags(Object value) {
    return switch (value) {
      case String one -> Optional.of(one);
      case List<?> several when several.stream().allMatch(String.class::isInstance) ->
          Optional.of(joined(several.stream().map(String.class::cast)));
      case Long none when none == 0 -> Optional.of("");
      case null, default -> Optional.empty();
    };
  }

  private static String joined(Stream<String> flags) {
    return String.join(",", new TreeSet<>(flags.toList()));
  }
}
