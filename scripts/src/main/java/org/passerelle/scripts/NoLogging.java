package org.passerelle.scripts;

import java.io.IOException;
import java.util.logging.LogManager;

/**
 * Keeps java.util.logging, which JNA asks for a logger when it is loaded, from reading its
 * configuration and looking for other loggers in every jar: that takes 10 ms, and nobody logs with
 * it here. The launchers name this class in {@code java.util.logging.manager}.
 */
public final class NoLogging extends LogManager {

  /** Refuses, so that the search that would follow is left out, too. */
  @Override
  public void readConfiguration() throws IOException {
    throw new IOException("a script has no logging configuration");
  }
}
