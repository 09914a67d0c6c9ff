package org.passerelle.scripts.agent;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.passerelle.scripts.ScriptCall;

/**
 * What a launcher asks for, in lines. {@code scripts/lib/calls.sh} writes it.
 *
 * <pre>
 *   call PID NAME        the launcher's process, which the reply is for; the script
 *   path PATH            by which it was called
 *   word WORD            an argument, in their order; any number
 *   with NAME=VALUE      of the environment; any number
 *   end
 * </pre>
 */
record CallRequest(long pid, ScriptCall call) {
  private static final String END = "end";

  /** Waits for one; throws IOException when what comes is none. */
  static CallRequest read(BufferedReader lines) throws IOException {
    String[] head = value("call ", lines.readLine()).split(" ");
    if (head.length != 2 || !head[0].matches("\\d{1,18}")) {
      throw new IOException("a request of no process: " + String.join(" ", head));
    }
    String path = value("path ", lines.readLine());
    List<String> words = new ArrayList<>();
    Map<String, String> environment = new HashMap<>();
    for (String line = lines.readLine(); !END.equals(line); line = lines.readLine()) {
      if (line != null && line.startsWith("word ")) {
        words.add(value("word ", line));
      } else {
        put(value("with ", line), environment);
      }
    }
    return new CallRequest(
        Long.parseLong(head[0]), new ScriptCall(head[1], path, words, environment));
  }

  private static void put(String variable, Map<String, String> environment) throws IOException {
    int sign = variable.indexOf('=');
    if (sign < 1) {
      throw new IOException("a variable without a name: " + variable);
    }
    environment.put(variable.substring(0, sign), variable.substring(sign + 1));
  }

  private static String value(String key, String line) throws IOException {
    if (line == null || !line.startsWith(key)) {
      throw new IOException("not \"" + key + "…\" but " + line);
    }
    return line.substring(key.length());
  }
}
