package org.passerelle.natroute.nft;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * JSON text (RFC 8259) as maps, lists, strings, longs, doubles, booleans and null, and strings as
 * JSON. Just what libnftables speaks: a library for it would cost every script its start.
 */
final class Json {
  private final String text;
  private int at;

  private Json(String text) {
    this.text = text;
  }

  /** Throws IllegalArgumentException for what is no JSON. */
  static Object parse(String text) {
    Json json = new Json(text);
    Object value = json.value();
    json.blanks();
    json.expect(json.at == text.length());
    return value;
  }

  static String quote(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      switch (c) {
        case '"', '\\' -> quoted.append('\\').append(c);
        default -> {
          if (c < ' ') {
            quoted.append(String.format("\\u%04x", (int) c));
          } else {
            quoted.append(c);
          }
        }
      }
    }
    return quoted.append('"').toString();
  }

  private Object value() {
    blanks();
    expect(at < text.length());
    return switch (text.charAt(at)) {
      case '{' -> object();
      case '[' -> array();
      case '"' -> string();
      case 't' -> word("true", true);
      case 'f' -> word("false", false);
      case 'n' -> word("null", null);
      default -> number();
    };
  }

  private Map<String, Object> object() {
    Map<String, Object> members = new LinkedHashMap<>();
    at++;
    while (isMore('}', members.isEmpty())) {
      blanks();
      String key = string();
      blanks();
      take(':');
      members.put(key, value());
    }
    return members;
  }

  private List<Object> array() {
    List<Object> values = new ArrayList<>();
    at++;
    while (isMore(']', values.isEmpty())) {
      values.add(value());
    }
    return values;
  }

  /** Takes the end, or what stands before the next one. */
  private boolean isMore(char end, boolean first) {
    blanks();
    expect(at < text.length());
    if (text.charAt(at) == end) {
      at++;
      return false;
    }
    if (!first) {
      take(',');
    }
    return true;
  }

  private String string() {
    take('"');
    StringBuilder string = new StringBuilder();
    while (true) {
      expect(at < text.length());
      char c = text.charAt(at++);
      if (c == '"') {
        return string.toString();
      }
      string.append(c == '\\' ? escaped() : c);
    }
  }

  private char escaped() {
    expect(at < text.length());
    char c = text.charAt(at++);
    return switch (c) {
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'u' -> unicode();
      default -> c;
    };
  }

  private char unicode() {
    expect(at + 4 <= text.length());
    at += 4;
    return (char) Integer.parseInt(text.substring(at - 4, at), 16);
  }

  private Object word(String word, Object value) {
    expect(text.startsWith(word, at));
    at += word.length();
    return value;
  }

  private Object number() {
    int start = at;
    while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    String number = text.substring(start, at);
    return number.matches("-?\\d+") ? (Object) Long.valueOf(number) : Double.valueOf(number);
  }

  private void blanks() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  private void take(char c) {
    expect(at < text.length() && text.charAt(at) == c);
    at++;
  }

  private void expect(boolean good) {
    if (!good) {
      throw new IllegalArgumentException("not JSON at " + at + ": " + text);
    }
  }
}
