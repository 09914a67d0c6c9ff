package org.passerelle.scripts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.passerelle.link.os.Namespace;
import org.passerelle.link.plan.Journal;

/** This boot and the calling thread's network namespace, which journals are told apart by. */
final class HostKey {
  /**
   * Not as a path: the first one of these takes Java 1 ms, which Preparation is to take on another
   * thread.
   */
  private static final String BOOT_ID = "/proc/sys/kernel/random/boot_id";

  private static String bootId;

  private HostKey() {}

  private static synchronized String bootId() throws IOException {
    if (bootId == null) {
      bootId = Files.readString(Path.of(BOOT_ID)).strip();
    }
    return bootId;
  }

  static Journal.Key current() {
    try {
      // First what a start needs first: see Preparation.
      long namespace = Namespace.currentCookie();
      return new Journal.Key(bootId(), namespace);
    } catch (IOException e) {
      throw new ScriptException("read " + BOOT_ID + ": " + e.getMessage(), e);
    }
  }
}
