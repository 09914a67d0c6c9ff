package org.passerelle.link.wire;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.passerelle.link.list.Words;

/**
 * An address with its prefix length, host bits kept: {@code 192.0.2.10/24}. Never looks a name up.
 *
 * @param length bits, 0 to 32 or 128
 */
public record IpPrefix(InetAddress address, int length) {

  public IpPrefix {
    int most = address.getAddress().length * 8;
    if (length < 0 || length > most) {
      throw new IllegalArgumentException(
          "prefix length " + length + " of " + address.getHostAddress() + " is outside 0.." + most);
    }
  }

  /** Parses {@code ADDRESS/LENGTH}, or an address alone, which stands for itself only. */
  public static IpPrefix parse(String text) {
    int slash = text.indexOf('/');
    InetAddress address = address(slash < 0 ? text : text.substring(0, slash));
    int all = address.getAddress().length * 8;
    try {
      return new IpPrefix(address, slash < 0 ? all : Integer.parseInt(text.substring(slash + 1)));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("not an address with a prefix length: " + text, e);
    }
  }

  /** Parses a numeric address of either family; a host name is refused, not looked up. */
  public static InetAddress address(String text) {
    boolean v6 = text.indexOf(':') >= 0;
    if (v6 ? !isOfIpv6sLetters(text) : !isDottedQuad(text)) {
      throw new IllegalArgumentException("not an IP address: " + text);
    }
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("not an IP address: " + text, e);
    }
  }

  private static boolean isOfIpv6sLetters(String text) {
    for (int at = 0; at < text.length(); at++) {
      char letter = text.charAt(at);
      if (letter != ':' && letter != '.' && !Words.isHexDigit(letter)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isDottedQuad(String text) {
    int numbers = 0;
    for (String number : text.split("\\.", -1)) {
      if (!Words.isNumber(number, 3)) {
        return false;
      }
      numbers++;
    }
    return numbers == 4;
  }

  /** An address of 4 or 16 octets. */
  public static InetAddress address(byte[] octets) {
    try {
      return InetAddress.getByAddress(octets);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(octets.length + " octets are no IP address", e);
    }
  }

  /** An address that stands for itself only. */
  public static IpPrefix single(InetAddress address) {
    return new IpPrefix(address, address.getAddress().length * 8);
  }

  public boolean isSingle() {
    return length == address.getAddress().length * 8;
  }

  /** Without host bits; the prefix of a single address is itself. */
  public InetAddress first() {
    return withHostBits(0);
  }

  /** With all host bits set. */
  public InetAddress last() {
    return withHostBits(0xFF);
  }

  private InetAddress withHostBits(int value) {
    byte[] octets = address.getAddress();
    for (int i = 0; i < octets.length; i++) {
      int host = 0xFF >> Math.clamp(length - 8 * i, 0, 8);
      octets[i] = (byte) (octets[i] & ~host | value & host);
    }
    return address(octets);
  }

  public boolean isV6() {
    return address.getAddress().length == 16;
  }

  /** True when {@code other} lies in this prefix. */
  public boolean contains(InetAddress other) {
    byte[] ours = address.getAddress();
    byte[] theirs = other.getAddress();
    if (ours.length != theirs.length) {
      return false;
    }
    for (int bit = 0; bit < length; bit++) {
      int mask = 0x80 >> (bit & 7);
      if (((ours[bit >> 3] ^ theirs[bit >> 3]) & mask) != 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * As a record's own, which makes its methods at run time when first asked: a script takes 8 ms.
   */
  @Override
  public boolean equals(Object other) {
    return other instanceof IpPrefix that && length == that.length && address.equals(that.address);
  }

  @Override
  public int hashCode() {
    return 31 * address.hashCode() + length;
  }

  @Override
  public String toString() {
    return address.getHostAddress() + "/" + length;
  }
}
