package org.passerelle.scripts.agent;

import java.nio.charset.StandardCharsets;

/**
 * What a launcher is told. {@code scripts/lib/calls.sh} reads it.
 *
 * <pre>
 *   PID CODE             whose call it was, and the exit code; "-" for: do it yourself
 *   |TEXT                what the script said; any number
 *   end
 * </pre>
 */
record CallReply(String text) {
  /** A pipe takes some 64 KiB at once, and nobody reads more. */
  private static final int MOST_SAID = 8192;

  static CallReply of(long pid, ScriptThread.Outcome outcome) {
    StringBuilder text = new StringBuilder().append(pid).append(' ').append(outcome.code());
    text.append('\n');
    String said = outcome.said();
    said.substring(0, Math.min(said.length(), MOST_SAID))
        .lines()
        .forEach(line -> text.append('|').append(line).append('\n'));
    return new CallReply(text.append("end\n").toString());
  }

  static CallReply refusal(long pid) {
    return new CallReply(pid + " -\nend\n");
  }

  byte[] octets() {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
