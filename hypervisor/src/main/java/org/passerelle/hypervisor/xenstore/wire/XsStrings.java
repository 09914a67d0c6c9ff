package org.passerelle.hypervisor.xenstore.wire;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Payloads as strings that end in NUL. A string here is octets, one a character (ISO 8859-1): what
 * a client sent, a token say, comes back to it octet for octet whatever its encoding.
 */
public final class XsStrings {
  private XsStrings() {}

  /** Each string with a NUL behind it. */
  public static byte[] join(String... strings) {
    return join(List.of(strings));
  }

  /** Each string with a NUL behind it. */
  public static byte[] join(List<String> strings) {
    int length = 0;
    for (String string : strings) {
      length += string.length() + 1;
    }
    byte[] bytes = new byte[length];
    int at = 0;
    for (String string : strings) {
      byte[] octets = string.getBytes(StandardCharsets.ISO_8859_1);
      System.arraycopy(octets, 0, bytes, at, octets.length);
      at += octets.length + 1;
    }
    return bytes;
  }

  /** The strings that end in NUL; what follows the last NUL is left out. */
  public static List<String> split(byte[] payload) {
    List<String> strings = new ArrayList<>();
    int start = 0;
    for (int end = indexOfNul(payload, 0); end >= 0; end = indexOfNul(payload, start)) {
      strings.add(text(payload, start, end));
      start = end + 1;
    }
    return strings;
  }

  /** Where the first NUL from {@code start} on is, or -1. */
  public static int indexOfNul(byte[] payload, int start) {
    for (int i = start; i < payload.length; i++) {
      if (payload[i] == 0) {
        return i;
      }
    }
    return -1;
  }

  /** The octets from {@code start} to before {@code end}, one a character. */
  public static String text(byte[] payload, int start, int end) {
    return new String(payload, start, end - start, StandardCharsets.ISO_8859_1);
  }
}
