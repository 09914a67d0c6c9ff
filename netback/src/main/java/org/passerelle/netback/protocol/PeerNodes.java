package org.passerelle.netback.protocol;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * Reads the nodes that a peer wrote. What is absent or no number is as if it were not there: a peer
 * can write anything.
 *
 * @param read the value of a node of the peer's directory, empty when absent
 */
public record PeerNodes(Function<String, Optional<String>> read) {
  private static final int MOST_DIGITS = 10;
  private static final int MOST_SHOWN = 32;

  /** Decimal digits, at most ten of them, no more than {@code most}. */
  public OptionalLong number(String name, long most) {
    String text = read.apply(name).orElse("");
    if (text.isEmpty() || text.length() > MOST_DIGITS || !text.chars().allMatch(PeerNodes::digit)) {
      return OptionalLong.empty();
    }
    long value = Long.parseLong(text);
    return value <= most ? OptionalLong.of(value) : OptionalLong.empty();
  }

  /** True for a number other than 0. */
  public boolean flag(String name) {
    return number(name, 0xFFFF_FFFFL).orElse(0) != 0;
  }

  /** The value for a message: quoted, printable and short whatever the peer wrote. */
  public String shown(String name) {
    return read.apply(name).map(PeerNodes::quote).orElse("absent");
  }

  private static String quote(String value) {
    String start = value.substring(0, Math.min(value.length(), MOST_SHOWN));
    String printable = start.replaceAll("[^\\x20-\\x7e]", "?");
    return '"' + printable + (start.length() < value.length() ? "…" : "") + '"';
  }

  private static boolean digit(int character) {
    return character >= '0' && character <= '9';
  }
}
