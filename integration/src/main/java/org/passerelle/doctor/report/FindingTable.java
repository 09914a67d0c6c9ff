package org.passerelle.doctor.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.passerelle.doctor.Finding;
import org.passerelle.lab.report.Style;
import org.passerelle.lab.report.TextWrap;

/**
 * Findings as a table: how bad, about what, and what; below what is not well its effect, what to
 * do, and the lines that do it, whole, so that they can be copied.
 */
public final class FindingTable {
  private static final int NARROWEST = 40;
  private static final int WIDEST = 110;
  private static final int LEVEL = 8;
  private static final int WIDEST_SUBJECT = 32;
  private static final int LABEL = 8;

  private final Style style;
  private final int width;
  private int subjects;

  /**
   * @param width of the terminal, in characters
   */
  public FindingTable(Style style, int width) {
    this.style = style;
    this.width = Math.clamp(width, NARROWEST, WIDEST);
  }

  public List<String> lines(List<Finding> findings) {
    subjects =
        findings.stream()
            .mapToInt(finding -> finding.subject().length() + 2)
            .filter(length -> length <= Math.min(WIDEST_SUBJECT, width / 3))
            .max()
            .orElse(0);
    List<String> lines = new ArrayList<>();
    for (Finding.Section section : Finding.Section.values()) {
      List<Finding> own = findings.stream().filter(one -> one.section() == section).toList();
      if (!own.isEmpty()) {
        lines.add("  " + style.bold(section.name().toLowerCase(Locale.ROOT)));
        own.forEach(finding -> rows(finding, lines));
        lines.add("");
      }
    }
    lines.add("  " + verdict(findings));
    return lines;
  }

  private void rows(Finding finding, List<String> lines) {
    boolean beside = finding.subject().length() + 2 <= subjects;
    String level = "  " + level(finding.level());
    int indent = 2 + LEVEL + (beside ? subjects : 0);
    if (!beside) {
      lines.add(level + finding.subject());
    }
    String head = beside ? level + pad(finding.subject(), subjects) : " ".repeat(indent);
    for (String part : TextWrap.wrap(finding.what(), width - indent)) {
      lines.add(head + part);
      head = " ".repeat(indent);
    }
    note("effect", finding.effect(), lines);
    note("do", finding.remedy(), lines);
    finding.commands().forEach(line -> lines.add(" ".repeat(2 + LEVEL + LABEL) + style.bold(line)));
  }

  private void note(String label, String text, List<String> lines) {
    if (text.isEmpty()) {
      return;
    }
    String head = " ".repeat(2 + LEVEL) + style.dim(label) + " ".repeat(LABEL - label.length());
    for (String part : TextWrap.wrap(text, width - 2 - LEVEL - LABEL)) {
      lines.add(head + part);
      head = " ".repeat(2 + LEVEL + LABEL);
    }
  }

  private String level(Finding.Level level) {
    String word = level.name().toLowerCase(Locale.ROOT);
    String coloured =
        switch (level) {
          case OK -> style.green(word);
          case UNSEEN -> style.dim(word);
          case WARN -> style.yellow(word);
          case BAD -> style.red(word);
        };
    return coloured + " ".repeat(LEVEL - word.length());
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(width - text.length());
  }

  private String verdict(List<Finding> findings) {
    long bad = Tally.count(findings, Finding.Level.BAD);
    long warnings = Tally.count(findings, Finding.Level.WARN);
    long unseen = Tally.count(findings, Finding.Level.UNSEEN);
    List<String> parts = new ArrayList<>();
    parts.add(bad == 0 ? style.green("no problem") : style.red(many(bad, "problem")));
    if (warnings > 0) {
      parts.add(style.yellow(many(warnings, "warning")));
    }
    if (unseen > 0) {
      parts.add(unseen + " unseen");
    }
    return String.join(", ", parts);
  }

  private static String many(long number, String thing) {
    return number + " " + thing + (number == 1 ? "" : "s");
  }
}
