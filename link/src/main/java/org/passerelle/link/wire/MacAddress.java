package org.passerelle.link.wire;

import org.passerelle.link.list.Words;

/** A 48-bit MAC address, kept in the low bits of a long, first octet highest. */
public record MacAddress(long bits) {
  public static final int LENGTH = 6;

  /**
   * The address that Xen's scripts give to a vif's host end: the numerically largest one that is
   * not multicast, so that a bridge, which takes its ports' lowest, never takes this one.
   */
  public static final MacAddress VIF = new MacAddress(0xFEFF_FFFF_FFFFL);

  public static final MacAddress BROADCAST = new MacAddress(0xFFFF_FFFF_FFFFL);
  public static final MacAddress ZERO = new MacAddress(0);

  public MacAddress {
    if (bits >>> 48 != 0) {
      throw new IllegalArgumentException("more than 48 bits: " + Long.toHexString(bits));
    }
  }

  /** Parses six octets of two hexadecimal digits with colons between. */
  public static MacAddress parse(String text) {
    if (!isAddress(text)) {
      throw new IllegalArgumentException(
          "not a MAC address: " + text + " (six octets like 00:16:3e:01:02:03)");
    }
    return new MacAddress(Long.parseLong(text.replace(":", ""), 16));
  }

  private static boolean isAddress(String text) {
    if (text.length() != 3 * LENGTH - 1) {
      return false;
    }
    for (int at = 0; at < text.length(); at++) {
      char letter = text.charAt(at);
      if (at % 3 == 2 ? letter != ':' : !Words.isHexDigit(letter)) {
        return false;
      }
    }
    return true;
  }

  /** Reads six octets at {@code offset}. */
  public static MacAddress of(byte[] octets, int offset) {
    long bits = 0;
    for (int i = 0; i < LENGTH; i++) {
      bits = bits << 8 | octets[offset + i] & 0xFF;
    }
    return new MacAddress(bits);
  }

  public byte[] octets() {
    byte[] octets = new byte[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      octets[i] = (byte) (bits >>> 8 * (LENGTH - 1 - i));
    }
    return octets;
  }

  /** The group bit: broadcast and multicast addresses. */
  public boolean isMulticast() {
    return (bits & 0x0100_0000_0000L) != 0;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(17);
    for (int shift = 40; shift >= 0; shift -= 8) {
      int octet = (int) (bits >>> shift) & 0xFF;
      text.append(Character.forDigit(octet >> 4, 16)).append(Character.forDigit(octet & 15, 16));
      if (shift > 0) {
        text.append(':');
      }
    }
    return text.toString();
  }
}
