package org.passerelle.lab.model;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How many frames: {@code 3}, {@code ">= 2"}, {@code "< 10"}. */
public record FrameCount(String relation, int number) {
  private static final Pattern FORM = Pattern.compile("(>=|<=|==|=|>|<)?\\s*(\\d{1,9})");

  /** At least one: what a capture expects when nothing else is said. */
  public static final FrameCount SOME = new FrameCount(">=", 1);

  public static Optional<FrameCount> parse(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String relation = matcher.group(1) == null ? "==" : matcher.group(1);
    return Optional.of(
        new FrameCount(relation.equals("=") ? "==" : relation, Integer.parseInt(matcher.group(2))));
  }

  public boolean accepts(int count) {
    return switch (relation) {
      case ">=" -> count >= number;
      case "<=" -> count <= number;
      case ">" -> count > number;
      case "<" -> count < number;
      default -> count == number;
    };
  }

  @Override
  public String toString() {
    String words = number == 1 ? "1 frame" : number + " frames";
    return switch (relation) {
      case ">=" -> "at least " + words;
      case "<=" -> "at most " + words;
      case ">" -> "more than " + words;
      case "<" -> "fewer than " + words;
      default -> words;
    };
  }
}
