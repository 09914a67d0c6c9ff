package org.passerelle.link.list;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What a text consists of, asked without a regular expression. */
public final class Words {
  /** What {@code \s} means in an expression. */
  public static final String BLANKS = " \t\n\u000B\f\r";

  private Words() {}

  /** The words between any of {@code separators}; none is empty, and there may be none. */
  public static List<String> split(String text, String separators) {
    List<String> words = new ArrayList<>();
    int start = 0;
    for (int at = 0; at <= text.length(); at++) {
      if (at == text.length() || separators.indexOf(text.charAt(at)) >= 0) {
        if (at > start) {
          words.add(text.substring(start, at));
        }
        start = at + 1;
      }
    }
    return Collections.unmodifiableList(words);
  }

  /** One digit to {@code most}, of 0 to 9. */
  public static boolean isNumber(String text, int most) {
    return !text.isEmpty() && text.length() <= most && digits(text, 0) == text.length();
  }

  /** Where the digits that begin at {@code start} end; there itself when none does. */
  public static int digits(String text, int start) {
    int end = start;
    while (end < text.length() && isDigit(text.charAt(end))) {
      end++;
    }
    return end;
  }

  public static boolean isDigit(char letter) {
    return letter >= '0' && letter <= '9';
  }

  public static boolean isHexDigit(char letter) {
    return isDigit(letter) || letter >= 'a' && letter <= 'f' || letter >= 'A' && letter <= 'F';
  }

  /**
   * A file's name for a text: letters that mean something in a path or to a shell become one line.
   */
  public static String fileName(String text) {
    StringBuilder name = new StringBuilder();
    for (int at = 0; at < text.length(); at++) {
      char letter = text.charAt(at);
      if (letter < 128 && Character.isLetterOrDigit(letter) || letter == '.' || letter == '-') {
        name.append(letter);
      } else if (name.isEmpty() || name.charAt(name.length() - 1) != '_') {
        name.append('_');
      }
    }
    return name.toString();
  }
}
