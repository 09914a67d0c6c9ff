package org.passerelle.natroute.nft;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What rules ask of the routes: {@code fib saddr oif} for the device that the way back to a
 * packet's sender leads through, or {@link #MISSING}; {@code fib daddr type} for whose an address
 * is. Rules also say what is to be looked at beside the address; what they ask is the same question
 * as long as only the way back by the device that the packet came in by is looked for.
 */
public final class FibField {
  public static final String BACK = "fib saddr oif";
  public static final String MISSING = "missing";

  private FibField() {}

  /** The field's name; empty when the routes are asked for something else. */
  static Optional<String> name(Map<?, ?> fib) {
    boolean sender = has(fib.get("flags"), "saddr");
    return switch (String.valueOf(fib.get("result"))) {
      case "type" -> Optional.of("fib " + (sender ? "saddr" : "daddr") + " type");
      case "oif", "oifname" -> sender ? Optional.of(BACK) : Optional.empty();
      default -> Optional.empty();
    };
  }

  /** A list of them; a lone one is a string, in nft 1.1's JSON. */
  private static boolean has(Object flags, String flag) {
    return flags instanceof List<?> several ? several.contains(flag) : flag.equals(flags);
  }

  /** Reads a match that asks whether there is such a route (libnftables-json(5)). */
  static Optional<Statement> read(Map<?, ?> match) {
    return match.get("left") instanceof Map<?, ?> left
            && left.get("fib") instanceof Map<?, ?> fib
            && missing(match.get("right")).isPresent()
        ? name(fib)
            .map(
                field ->
                    new Statement.Match(
                        field,
                        missing(match.get("right")).get() == "!=".equals(match.get("op")),
                        List.of(MISSING)))
        : Optional.empty();
  }

  /** Whether it asks for none, in one of its three forms; empty when it asks for a certain one. */
  private static Optional<Boolean> missing(Object right) {
    return right instanceof Boolean exists
        ? Optional.of(!exists)
        : Optional.of(true).filter(_ -> "0".equals(right) || Long.valueOf(0).equals(right));
  }
}
