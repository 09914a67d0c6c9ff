package org.passerelle.scripts.agent;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.passerelle.scripts.RunFile;
import org.passerelle.scripts.ScriptCall;

/**
 * What the agent has done, in OpenMetrics' text (openmetrics.io), in a file that node_exporter's
 * textfile collector, or a person, reads.
 */
final class AgentMetrics {
  /** Who wanted it. */
  enum Asker {
    LAUNCHER,
    XENSTORE
  }

  /** So many runs of one kind, and their time. */
  private record Runs(long count, long nanoseconds) {
    Runs and(long more) {
      return new Runs(count + 1, nanoseconds + more);
    }

    /** Not by a format: for that Java would read the data of its locales, 80 classes of it. */
    String seconds() {
      return BigDecimal.valueOf(nanoseconds / 1000, 6).toPlainString();
    }
  }

  private final Map<String, Runs> runs = new TreeMap<>();
  private long renewals;
  private boolean changed = true;

  synchronized void ran(ScriptCall call, Asker asker, int code, long nanoseconds) {
    String labels =
        "{script=\""
            + call.name()
            + "\",command=\""
            + command(call)
            + "\",asker=\""
            + asker.name().toLowerCase(Locale.ROOT)
            + "\",result=\""
            + (code == 0 ? "ok" : "error")
            + "\"} ";
    runs.put(labels, runs.getOrDefault(labels, new Runs(0, 0)).and(nanoseconds));
    changed = true;
  }

  /** Of what a launcher sends only the commands that there are become labels. */
  private static String command(ScriptCall call) {
    return call.arguments().stream()
        .filter(word -> word.matches("online|offline|add|remove"))
        .findFirst()
        .orElse("other");
  }

  /** The pipes were made anew, after somebody's misfortune. */
  synchronized void renewed() {
    renewals++;
    changed = true;
  }

  /** Writes the file, whole or not at all, when there is anything new. */
  synchronized void write(Path runDirectory) throws IOException {
    if (changed) {
      Path whole = RunFile.NEW_METRICS.in(runDirectory);
      Files.writeString(whole, text());
      Files.move(whole, RunFile.METRICS.in(runDirectory), StandardCopyOption.ATOMIC_MOVE);
      changed = false;
    }
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    text.append("# TYPE passerelle_script_run_seconds summary\n")
        .append("# UNIT passerelle_script_run_seconds seconds\n")
        .append("# HELP passerelle_script_run_seconds Scripts run by the agent.\n");
    runs.forEach(
        (labels, value) ->
            text.append("passerelle_script_run_seconds_count")
                .append(labels)
                .append(value.count())
                .append("\npasserelle_script_run_seconds_sum")
                .append(labels)
                .append(value.seconds())
                .append('\n'));
    return text.append("# TYPE passerelle_agent_pipe_renewals counter\n")
        .append("# HELP passerelle_agent_pipe_renewals Calls that were given up half-way.\n")
        .append("passerelle_agent_pipe_renewals_total ")
        .append(renewals)
        .append("\n# EOF\n")
        .toString();
  }
}
