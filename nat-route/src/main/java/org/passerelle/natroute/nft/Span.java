package org.passerelle.natroute.nft;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.passerelle.link.wire.IpPrefix;

/**
 * All from one number to another, or from one address to another of its family.
 *
 * @param first octets that sort as what they stand for: which kind it is, then its value
 * @param last the same, of the same kind
 */
record Span(byte[] first, byte[] last) {
  /** {@code 80}, {@code 80-90}, {@code 10.0.7.0-10.0.7.9}, {@code fd00::/8}. */
  private static final Pattern TEXT =
      Pattern.compile("([0-9a-fA-F.:]+)(?:-([0-9a-fA-F.:]+)|/(\\d{1,3}))?");

  private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");

  /** Java makes IPv4 addresses of them. */
  private static final String MAPPED = "::ffff:";

  /** Those of RFC 4291, section 2.5.5.2. */
  private static final byte[] MAPPED_OCTETS = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1};

  /** Empty for what is no number and no address: a name may have a dash or a point, too. */
  static Optional<Span> parse(String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    try {
      byte[] first = point(parts.group(1));
      if (parts.group(3) != null) {
        return network(first, Integer.parseInt(parts.group(3)));
      }
      byte[] last = parts.group(2) == null ? first : point(parts.group(2));
      return Optional.of(new Span(first, last)).filter(_ -> first[0] == last[0]);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static byte[] point(String text) {
    if (NUMBER.matcher(text).matches()) {
      return ByteBuffer.allocate(1 + Long.BYTES)
          .put((byte) 0)
          .putLong(Long.parseLong(text))
          .array();
    }
    byte[] octets =
        text.startsWith(MAPPED) && text.contains(".")
            ? ByteBuffer.allocate(16)
                .put(MAPPED_OCTETS)
                .put(IpPrefix.address(text.substring(MAPPED.length())).getAddress())
                .array()
            : IpPrefix.address(text).getAddress();
    return ByteBuffer.allocate(1 + octets.length).put((byte) octets.length).put(octets).array();
  }

  private static Optional<Span> network(byte[] address, int length) {
    if (address[0] == 0 || length > 8 * address[0]) {
      return Optional.empty();
    }
    byte[] first = address.clone();
    byte[] last = address.clone();
    for (int octet = 0; octet < address[0]; octet++) {
      int host = 0xFF >> Math.clamp(length - 8 * octet, 0, 8);
      first[1 + octet] &= (byte) ~host;
      last[1 + octet] |= (byte) host;
    }
    return Optional.of(new Span(first, last));
  }

  boolean has(Span other) {
    return Arrays.compareUnsigned(first, other.first) <= 0
        && Arrays.compareUnsigned(last, other.last) >= 0;
  }

  boolean meets(Span later) {
    return Arrays.compareUnsigned(last, later.first) >= 0;
  }

  /** With one that meets it, and does not begin before it. */
  Span and(Span later) {
    return new Span(first, Arrays.compareUnsigned(last, later.last) >= 0 ? last : later.last);
  }

  int compareFirst(Span other) {
    return Arrays.compareUnsigned(first, other.first);
  }
}
