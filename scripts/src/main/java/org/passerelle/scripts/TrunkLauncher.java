package org.passerelle.scripts;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Starts a NIC's trunk process with whoever looks after it. */
@FunctionalInterface
interface TrunkLauncher {
  /** Where the launchers are, as they say themselves. */
  String HOME = "passerelle.home";

  /**
   * Starts it in the calling thread's network namespace. It outlives the caller.
   *
   * @param words the file for what it says
   */
  Process launch(String netdev, Path words);

  /**
   * {@code passerelle trunk} in a session of its own: no terminal's end is its own, and nobody
   * waits for what it holds open.
   */
  static Process installed(String netdev, Path words) {
    String home = System.getProperty(HOME, "");
    if (home.isEmpty()) {
      throw new ScriptException(
          "VLANs in user space are served by `passerelle trunk`, which only the launchers in"
              + " scripts/bin find");
    }
    String command = Path.of(home, "scripts", "bin", "passerelle").toString();
    try {
      return new ProcessBuilder(List.of("setsid", command, "trunk", netdev))
          .directory(new File("/"))
          .redirectInput(new File("/dev/null"))
          .redirectOutput(ProcessBuilder.Redirect.appendTo(words.toFile()))
          .redirectErrorStream(true)
          .start();
    } catch (IOException e) {
      throw new ScriptException("start " + command + " trunk " + netdev + ": " + e.getMessage(), e);
    }
  }
}
