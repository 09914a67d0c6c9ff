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
    return !all().names().isEmpty();
  }

  /** The marks of a script that is started for these devices. */
  List<RunMark> marks(String script, List<String> devices) {
    return devices.stream().map(device -> all().of(script, device)).toList();
  }

  /** The devices for which a script is started. */
  List<String> devices(String script) {
    return all().devices(script);
  }

  private HostMarks all() {
    return new HostMarks(RunFile.ANTISPOOF.in(runDirectory));
  }
}
