package org.passerelle.scripts;

import java.nio.file.Path;
import java.util.List;

/**
 * That the vifs of this host are guarded unless one of them says otherwise: as long as a network
 * script is started with {@code antispoof=yes}.
 */
record HostAntispoof(Path runDirectory) {
  static final String KEY = "antispoof";

  boolean isWanted() {
    String[] marks = directory().toFile().list();
    return marks != null && marks.length > 0;
  }

  /** The marks of a script that is started for these devices. */
  List<RunMark> marks(String script, List<String> devices) {
    return devices.stream().map(device -> mark(script, device)).toList();
  }

  private RunMark mark(String script, String device) {
    if (device.contains("/")) {
      throw new ScriptException("there is no device " + device);
    }
    return new RunMark(directory().resolve(script + " " + device));
  }

  private Path directory() {
    return runDirectory.resolve(KEY);
  }
}
