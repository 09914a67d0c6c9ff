package org.passerelle.outside;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.passerelle.link.os.Namespace;

/** A host asks another one for echoes until it is told to stop. */
final class CountedPings implements AutoCloseable {
  private static final Pattern SUMMARY =
      Pattern.compile("(\\d+) packets transmitted, (\\d+) received");

  private final Process ping;
  private final BufferedReader words;

  /** On return it has had an answer. */
  CountedPings(Namespace from, String to) {
    ping = from.call(() -> new ProcessBuilder(List.of("ping", "-n", "-i", "0.02", to)).start());
    words = ping.inputReader(StandardCharsets.UTF_8);
    if (line("bytes from").isEmpty()) {
      throw new IllegalStateException(to + " does not answer");
    }
  }

  /** The next line with that in it; empty when there is none. */
  private String line(String part) {
    try {
      String line = words.readLine();
      while (line != null && !line.contains(part)) {
        line = words.readLine();
      }
      return line == null ? "" : line;
    } catch (IOException e) {
      return "";
    }
  }

  /** Stops, and says how many were not answered; the last may still have been on its way. */
  int lost() {
    try {
      new ProcessBuilder("kill", "-INT", Long.toString(ping.pid())).start().waitFor();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
    Matcher summary = SUMMARY.matcher(line("packets transmitted"));
    if (!summary.find()) {
      throw new IllegalStateException("ping counted nothing");
    }
    return Math.max(0, Integer.parseInt(summary.group(1)) - Integer.parseInt(summary.group(2)) - 1);
  }

  @Override
  public void close() {
    ping.destroy();
  }
}
