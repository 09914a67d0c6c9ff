package org.passerelle.scripts;

import java.io.PrintStream;
import java.util.Map;

/** Where scripts log, in syslog's levels. */
@FunctionalInterface
public interface ScriptLog {

  /** syslog's severities (RFC 5424, 6.2.1), as far as scripts use them. */
  enum Level {
    ERR(3),
    WARNING(4),
    INFO(6),
    DEBUG(7);

    private final int severity;

    Level(int severity) {
      this.severity = severity;
    }

    int severity() {
      return severity;
    }
  }

  void log(Level level, String message);

  /**
   * To syslog and to Xen's file, as Xen's scripts do, and to a stream.
   *
   * @param script what it is called there
   */
  static ScriptLog system(String script, Map<String, String> environment, ScriptLog console) {
    return new SystemLog(script, environment, console);
  }

  /** To a stream, with the script's name before; what is for debugging is left out. */
  static ScriptLog to(PrintStream stream, String script) {
    return (level, message) -> {
      if (level != Level.DEBUG) {
        stream.println(script + ": " + message);
      }
    };
  }
}
