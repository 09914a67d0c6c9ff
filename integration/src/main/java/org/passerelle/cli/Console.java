package org.passerelle.cli;

import java.io.PrintWriter;
import java.util.List;
import org.passerelle.lab.check.Outcome;
import org.passerelle.lab.report.AsciiGraph;
import org.passerelle.lab.report.CheckTable;
import org.passerelle.lab.report.RunResult;
import org.passerelle.lab.report.Style;
import org.passerelle.lab.run.Progress;
import org.passerelle.lab.topology.Topology;

/** Tells a person how a run goes. */
final class Console implements Progress {
  private final PrintWriter out;
  private final Style style;
  private final Topology topology;
  private final CheckTable table;
  private boolean tableBegun;

  Console(PrintWriter out, Style style, Topology topology) {
    this.out = out;
    this.style = style;
    this.topology = topology;
    this.table = new CheckTable(style);
  }

  /** Colour where somebody looks and does not mind (https://no-color.org). */
  static Style style() {
    String noColour = System.getenv("NO_COLOR");
    boolean minds = noColour != null && !noColour.isEmpty();
    boolean looks = System.console() != null && System.console().isTerminal();
    return looks && !minds && !"dumb".equals(System.getenv("TERM")) ? Style.COLOUR : Style.PLAIN;
  }

  void begin() {
    lines(List.of(style.bold(topology.lab().name()), ""));
    lines(AsciiGraph.of(topology));
    lines(List.of("", "  building"));
  }

  @Override
  public void step(String what) {
    lines(List.of(style.dim("    " + what)));
  }

  @Override
  public void note(String line) {
    lines(List.of("      " + line));
  }

  void outcome(Outcome outcome) {
    if (!tableBegun) {
      tableBegun = true;
      lines(List.of("", table.header()));
    }
    lines(table.rows(outcome));
  }

  void end(RunResult result) {
    lines(table.end(result));
  }

  private void lines(List<String> lines) {
    lines.forEach(out::println);
    out.flush();
  }
}
