package org.passerelle.scripts;

import java.nio.file.Path;
import java.util.List;
import org.passerelle.link.list.Lists;
import org.passerelle.link.plan.RunMark;

/**
 * What network scripts that are started want for the vifs of this host: a mark for each script and
 * each of its devices.
 */
record HostMarks(Path directory) {

  RunMark of(String script, String device) {
    if (device.contains("/")) {
      throw new ScriptException("there is no device " + device);
    }
    return new RunMark(directory.resolve(script + " " + device));
  }

  /** All that there are, whoever wants it. */
  List<String> names() {
    String[] names = directory.toFile().list();
    return names == null ? List.of() : Lists.sorted(List.of(names));
  }

  /** The devices for which one script wants something. */
  List<String> devices(String script) {
    String prefix = script + " ";
    return Lists.map(
        Lists.filter(names(), name -> name.startsWith(prefix)),
        name -> name.substring(prefix.length()));
  }

  /** What one script wants, for each of its devices. */
  List<RunMark> of(String script) {
    return Lists.map(devices(script), device -> of(script, device));
  }
}
