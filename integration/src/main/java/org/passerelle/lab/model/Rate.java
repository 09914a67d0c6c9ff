package org.passerelle.lab.model;

import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A vif's {@code rate=}: so many bytes in each interval. The grammar is xl's
 * (xl-network-configuration(5)): {@code 10Mb/s}, {@code 250KB/s@20ms}; multipliers are decimal, the
 * interval is 50 ms unless told.
 */
public record Rate(long bytes, long intervalMicros) {
  private static final Pattern FORM =
      Pattern.compile("(\\d+)([GMK]?)([Bb])/s(?:@(\\d+)(ms|us|s))?");
  private static final long MAX_INTERVAL = 0xFFFF_FFFFL;

  /** Throws {@link IllegalArgumentException} with the reason. */
  public static Rate parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not a rate; write 10Mb/s, 1MB/s or 1MB/s@20ms");
    }
    BigInteger perSecond =
        new BigInteger(matcher.group(1)).multiply(BigInteger.valueOf(multiplier(matcher.group(2))));
    if (matcher.group(3).equals("b")) {
      perSecond = perSecond.shiftRight(3);
    }
    BigInteger micros = interval(matcher);
    BigInteger bytes = perSecond.multiply(micros).divide(BigInteger.valueOf(1_000_000));
    if (bytes.signum() == 0 || bytes.bitLength() > 32 || micros.bitLength() > 32) {
      throw new IllegalArgumentException(
          "out of range: bytes in an interval and its microseconds must be 1.." + MAX_INTERVAL);
    }
    return new Rate(bytes.longValue(), micros.longValue());
  }

  private static BigInteger interval(Matcher matcher) {
    if (matcher.group(4) == null) {
      return BigInteger.valueOf(50_000);
    }
    long unit =
        switch (matcher.group(5)) {
          case "us" -> 1;
          case "ms" -> 1000;
          default -> 1_000_000;
        };
    return new BigInteger(matcher.group(4)).multiply(BigInteger.valueOf(unit));
  }

  private static long multiplier(String prefix) {
    return switch (prefix) {
      case "K" -> 1000;
      case "M" -> 1_000_000;
      case "G" -> 1_000_000_000;
      default -> 1;
    };
  }

  /** As xend and libxl write it to XenStore: {@code bytes,microseconds}. */
  public String storeValue() {
    return bytes + "," + intervalMicros;
  }
}
