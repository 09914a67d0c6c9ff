package org.passerelle.lab.report;

import java.util.ArrayList;
import java.util.List;

/** Breaks a text into lines at blanks. */
public final class TextWrap {
  private TextWrap() {}

  /** Lines of at most {@code width} characters, longer only where a single word is. */
  public static List<String> wrap(String text, int width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ")) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }
}
