package org.passerelle.scripts;

import java.io.File;

/**
 * The launcher's note that no other vif's script runs beside this one, which therefore waits for
 * none: be_alone in scripts/lib/slots.sh.
 */
final class Alone {
  private static final String NOTE = "passerelle.alone";

  private Alone() {}

  /** The next one may be alone. A note that stays has the pid of a process that is gone. */
  static void end() {
    String path = System.getProperty(NOTE, "");
    File note = new File(path);
    if (!path.isEmpty() && !note.delete() && note.exists()) {
      System.err.println("cannot remove " + path + ": scripts start 2 ms later until it is gone");
    }
  }
}
