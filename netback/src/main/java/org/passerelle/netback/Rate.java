package org.passerelle.netback;

import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much a guest may send: the {@code rate} node, {@code <bytes>,<microseconds>}.
 *
 * @param bytes credit that a period brings
 * @param micros the period's length
 */
public record Rate(long bytes, long micros) {
  public static final Rate UNLIMITED = new Rate(Long.MAX_VALUE, 0);

  private static final Pattern GRAMMAR = Pattern.compile("([0-9]{1,20}),([0-9]{1,20})");

  public boolean unlimited() {
    return micros == 0;
  }

  /** Reads the node's text; empty when it is not of that form or would stop the guest for ever. */
  public static Optional<Rate> parse(String text) {
    Matcher matcher = GRAMMAR.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long bytes = clamp(matcher.group(1));
    long micros = clamp(matcher.group(2));
    return bytes == 0 ? Optional.empty() : Optional.of(new Rate(bytes, micros));
  }

  private static long clamp(String digits) {
    BigInteger most = BigInteger.valueOf(Long.MAX_VALUE / 1000);
    return new BigInteger(digits).min(most).longValueExact();
  }
}
