package org.passerelle.link.plan;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * One line of a journal: a word, then {@code key=value} pairs with blanks between. Whatever could
 * be taken for structure (blanks, controls, {@code %}, {@code =}, everything that is not ASCII) is
 * written as {@code %XX}, so that any text survives. Reading refuses what writing does not make.
 */
final class Fields {
  private final String word;
  private final Map<String, String> values = new LinkedHashMap<>();

  Fields(String word) {
    this.word = word;
  }

  String word() {
    return word;
  }

  Fields put(String key, Object value) {
    values.put(key, value.toString());
    return this;
  }

  /** Leaves the key out when there is no value. */
  Fields put(String key, Optional<?> value) {
    value.ifPresent(present -> put(key, present));
    return this;
  }

  /** Takes the value out; throws IllegalArgumentException when it is missing. */
  String take(String key) {
    return takeIfAny(key)
        .orElseThrow(() -> new IllegalArgumentException(word + ": no " + key + "="));
  }

  Optional<String> takeIfAny(String key) {
    return Optional.ofNullable(values.remove(key));
  }

  int number(String key) {
    return parse(key, Integer::parseInt);
  }

  long large(String key) {
    return parse(key, Long::parseLong);
  }

  <T> T parse(String key, Function<String, T> parser) {
    return parser.apply(take(key));
  }

  /** Everything must have been understood: half an undo is worse than none. */
  void expectEmpty() {
    if (!values.isEmpty()) {
      throw new IllegalArgumentException(word + ": unknown " + values.keySet());
    }
  }

  static Fields read(String line) {
    String[] parts = line.split(" ", -1);
    Fields fields = new Fields(parts[0]);
    for (int i = 1; i < parts.length; i++) {
      int equals = parts[i].indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException("not key=value: " + parts[i]);
      }
      String key = parts[i].substring(0, equals);
      if (fields.values.put(key, decode(parts[i].substring(equals + 1))) != null) {
        throw new IllegalArgumentException(key + "= twice");
      }
    }
    return fields;
  }

  @Override
  public String toString() {
    StringBuilder line = new StringBuilder(word);
    values.forEach((key, value) -> line.append(' ').append(key).append('=').append(encode(value)));
    return line.toString();
  }

  private static String encode(String value) {
    StringBuilder text = new StringBuilder();
    for (byte octet : value.getBytes(StandardCharsets.UTF_8)) {
      if (octet > ' ' && octet < 0x7F && octet != '%' && octet != '=') {
        text.append((char) octet);
      } else {
        text.append('%').append(hex(octet >> 4)).append(hex(octet));
      }
    }
    return text.toString();
  }

  private static char hex(int nibble) {
    return Character.toUpperCase(Character.forDigit(nibble & 15, 16));
  }

  private static String decode(String text) {
    byte[] octets = new byte[text.length()];
    int length = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%') {
        octets[length++] = (byte) (digit(text, i + 1) << 4 | digit(text, i + 2));
        i += 2;
      } else if (c > ' ' && c < 0x7F && c != '=') {
        octets[length++] = (byte) c;
      } else {
        throw new IllegalArgumentException("a bare " + (int) c + " in " + text);
      }
    }
    return new String(octets, 0, length, StandardCharsets.UTF_8);
  }

  private static int digit(String text, int at) {
    int digit = at < text.length() ? Character.digit(text.charAt(at), 16) : -1;
    if (digit < 0) {
      throw new IllegalArgumentException("a broken % in " + text);
    }
    return digit;
  }
}
