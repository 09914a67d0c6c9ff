package org.passerelle.doctor.facts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.passerelle.hypervisor.xenstore.StoreException;
import org.passerelle.hypervisor.xenstore.client.StoreSocket;
import org.passerelle.link.os.HostFiles;
import org.passerelle.scripts.ScriptName;
import org.passerelle.scripts.StoreConnection;

/** Looks for Xen, and for what its toolstack would run. */
final class XenReader {
  private static final List<String> DEVICES = List.of("gntdev", "evtchn", "xenbus", "privcmd");
  private static final Pattern SETTING =
      Pattern.compile("\\s*([a-z_.]+)\\s*=\\s*[\"']?([^\"'#]*?)[\"']?\\s*(#.*)?");

  private final HostFiles files;
  private final Map<String, String> environment;
  private final Path ours;

  XenReader(HostFiles files, Map<String, String> environment, Path home) {
    this.files = files;
    this.environment = environment;
    this.ours = home.resolve("scripts/bin");
  }

  XenFacts read() {
    String hypervisor = first("sys/hypervisor/type");
    Path directory =
        files.root().resolve(environment.getOrDefault("XEN_SCRIPT_DIR", "etc/xen/scripts"));
    return new XenFacts(
        hypervisor,
        first("proc/xen/capabilities").contains("control_d"),
        DEVICES.stream().filter(name -> !exists("dev/xen/" + name)).toList(),
        hypervisor.isEmpty() ? Optional.empty() : storeFailure(),
        directory,
        Stream.of(ScriptName.values())
            .map(ScriptName::toString)
            .map(name -> new XenFacts.Script(name, state(directory.resolve(name))))
            .toList(),
        ours,
        setting("vif.default.script"),
        !setting("run_hotplug_scripts").equals(Optional.of("0")));
  }

  private String first(String path) {
    return files.lines(path).stream().findFirst().orElse("");
  }

  private boolean exists(String path) {
    return Files.exists(files.root().resolve(path));
  }

  private Optional<String> storeFailure() {
    try {
      new StoreConnection(StoreSocket.path(environment)).get().readIfPresent("domid");
      return Optional.empty();
    } catch (StoreException e) {
      return Optional.of(e.getMessage());
    }
  }

  private XenFacts.State state(Path script) {
    try {
      if (Files.notExists(script)) {
        return XenFacts.State.ABSENT;
      }
      Path own = ours.resolve(script.getFileName());
      if (script.toRealPath().equals(own.toRealPath())) {
        return XenFacts.State.OURS;
      }
      return Files.mismatch(script, own) < 0 ? XenFacts.State.COPY : XenFacts.State.OTHERS;
    } catch (IOException e) {
      return XenFacts.State.OTHERS;
    }
  }

  /** Of xl.conf; the last one counts. */
  private Optional<String> setting(String key) {
    return files.lines("etc/xen/xl.conf").stream()
        .flatMap(line -> Stream.of(SETTING.matcher(line)).filter(Matcher::matches))
        .filter(line -> line.group(1).equals(key))
        .map(line -> line.group(2))
        .filter(value -> !value.isEmpty())
        .reduce((before, last) -> last);
  }
}
