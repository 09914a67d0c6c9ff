package org.passerelle.doctor.filter;

import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.passerelle.link.wire.IpPrefix;

/** All from one number to another, or from one address to another of its family. */
record Range(BigInteger first, BigInteger last, boolean v6) {
  private static final Pattern TEXT = Pattern.compile("([0-9a-f.:]+)-([0-9a-f.:]+)");

  /** Empty for what is no range: a name may have a dash, too. */
  static Optional<Range> parse(String text) {
    Matcher both = TEXT.matcher(text);
    return text.contains("-") && both.matches()
        ? number(both.group(1))
            .flatMap(
                first ->
                    number(both.group(2)).map(last -> new Range(first, last, text.contains(":"))))
        : Optional.empty();
  }

  boolean has(String value) {
    return v6 == value.contains(":")
        && number(value)
            .filter(one -> one.compareTo(first) >= 0 && one.compareTo(last) <= 0)
            .isPresent();
  }

  private static Optional<BigInteger> number(String text) {
    if (text.matches("\\d+")) {
      return Optional.of(new BigInteger(text));
    }
    try {
      return Optional.of(new BigInteger(1, IpPrefix.address(text).getAddress()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
