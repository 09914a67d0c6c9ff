package org.passerelle.scripts;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.passerelle.link.plan.RunMark;

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

  /** What is to become of those marks when the script is started, or stopped, for the devices. */
  List<Marking.Wanted> wanted(String script, List<String> devices, boolean guarded) {
    Optional<String> word = guarded ? Optional.of("") : Optional.empty();
    String reason = "vifs attached from then on are " + (guarded ? "guarded" : "not guarded");
    return marks(script, devices).stream()
        .map(mark -> new Marking.Wanted(mark, word, reason))
        .toList();
  }

  /** The devices for which a script is started. */
  List<String> devices(String script) {
    return all().devices(script);
  }

  private HostMarks all() {
    return new HostMarks(RunFile.ANTISPOOF.in(runDirectory));
  }
}
