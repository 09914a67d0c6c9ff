package org.passerelle.lab.report;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.passerelle.lab.check.Outcome;

/**
 * The checks as a table of 80 columns: verdict, name, what was seen, how long it took; below a
 * failed one what was expected, the frames that matter and the capture.
 */
public final class CheckTable {
  static final int WIDTH = 80;
  private static final int VERDICT = 6;
  private static final int SEEN = 26;
  private static final int TIME = 8;
  private static final int NAME = WIDTH - 2 - VERDICT - SEEN - TIME;

  private final Style style;

  public CheckTable(Style style) {
    this.style = style;
  }

  /** The table's first line. */
  public String header() {
    return style.bold("  %-6s%-38s%-26s%8s".formatted("", "check", "seen", "time"));
  }

  /** The lines of one check. */
  public List<String> rows(Outcome outcome) {
    List<String> lines = new ArrayList<>();
    row(outcome, lines);
    return lines;
  }

  /** What stands below the checks: who crashed, where the captures are, and the verdict. */
  public List<String> end(RunResult result) {
    List<String> lines = new ArrayList<>();
    end(result, lines);
    return lines;
  }

  private void row(Outcome outcome, List<String> lines) {
    columns(verdict(outcome), outcome.name(), outcome.seen(), time(outcome.took()), lines);
    if (!outcome.passed()) {
      explain(outcome, lines);
    }
  }

  /** One row of the table, on as many lines as its name and what was seen take. */
  private static void columns(
      String verdict, String name, String seen, String time, List<String> lines) {
    List<String> names = TextWrap.wrap(name, NAME - 1);
    List<String> parts = TextWrap.wrap(seen, SEEN);
    for (int i = 0; i < Math.max(names.size(), parts.size()); i++) {
      String first = i > 0 ? " ".repeat(VERDICT) : verdict;
      String last = i > 0 ? "" : time;
      String rest =
          pad(at(names, i), NAME)
              + pad(at(parts, i), SEEN)
              + " ".repeat(TIME - last.length())
              + last;
      lines.add(("  " + first + rest).stripTrailing());
    }
  }

  private String verdict(Outcome outcome) {
    return outcome.passed() ? style.green("ok") + "    " : style.red("FAIL") + "  ";
  }

  private void explain(Outcome outcome, List<String> lines) {
    note("expected", outcome.expected(), lines);
    notes("frames", outcome.details(), lines);
    outcome.captures().forEach(file -> note("capture", file.toString(), lines));
  }

  private void crash(Crash crash, List<String> lines) {
    columns(style.red("CRASH") + " ", "domain " + crash.domain(), crash.reason(), "", lines);
    notes("log", crash.log(), lines);
  }

  private void notes(String what, List<String> texts, List<String> lines) {
    String head = what;
    for (String text : texts) {
      note(head, text, lines);
      head = "";
    }
  }

  /** Keeps a word that does not fit on a line, a file's name for one, in one piece. */
  private void note(String what, String text, List<String> lines) {
    String head = what;
    for (String part : TextWrap.wrap(text, WIDTH - VERDICT - 12)) {
      lines.add(("        %-10s%s".formatted(head, part)).stripTrailing());
      head = "";
    }
  }

  private void end(RunResult result, List<String> lines) {
    result.crashes().forEach(crash -> crash(crash, lines));
    lines.add("");
    List<Path> files =
        result.outcomes().stream().flatMap(outcome -> outcome.captures().stream()).toList();
    if (!files.isEmpty()) {
      lines.add("  captures   " + result.captures() + "  (" + count(files.size(), "file") + ")");
    }
    lines.add("  " + result.lab() + ": " + verdict(result) + " in " + time(result.took()));
  }

  private String verdict(RunResult result) {
    String passed = result.passed() + " passed";
    if (result.allWell()) {
      return style.green(passed);
    }
    List<String> parts = new ArrayList<>(List.of(passed));
    if (result.failed() > 0) {
      parts.add(style.red(result.failed() + " failed"));
    }
    if (!result.crashes().isEmpty()) {
      parts.add(style.red(count(result.crashes().size(), "domain") + " crashed"));
    }
    return String.join(", ", parts);
  }

  private static String count(int number, String thing) {
    return number + " " + thing + (number == 1 ? "" : "s");
  }

  private static String at(List<String> list, int index) {
    return index < list.size() ? list.get(index) : "";
  }

  private static String pad(String text, int width) {
    return text.length() >= width ? text + " " : text + " ".repeat(width - text.length());
  }

  static String time(Duration duration) {
    long millis = duration.toMillis();
    return millis < 1000
        ? millis + " ms"
        : "%d.%01d s".formatted(millis / 1000, millis % 1000 / 100);
  }
}
