package org.passerelle.cli;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** What the libraries log: warnings and worse, one line each, on standard error. */
final class Logging {
  /** Loggers that nobody holds are forgotten, and their levels with them. */
  private static final List<Logger> HELD =
      List.of(Logger.getLogger(""), Logger.getLogger("org.pcap4j"), Logger.getLogger("io.netty"));

  private Logging() {}

  static void configure() {
    String format = "java.util.logging.SimpleFormatter.format";
    if (System.getProperty(format) == null) {
      System.setProperty(format, "%4$s %3$s: %5$s%6$s%n");
    }
    HELD.forEach(logger -> logger.setLevel(Level.WARNING));
    // Netty warns that there is no hardware address to name this process by; nobody asks for the
    // name.
    HELD.getLast().setLevel(Level.SEVERE);
  }
}
