package org.passerelle.scripts;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.passerelle.link.plan.RunMark;
import org.passerelle.link.plan.VifNames;
import org.passerelle.natroute.GuestServices;

/**
 * Words that are new with a start, as long as it has not begun: they are for vifs that are attached
 * from then on, and nobody would see that they are not for those that are there.
 */
record LateWords(Path runDirectory, String script, ScriptArguments arguments) {

  /**
   * What is to be said of them; nothing where only root sees what is new.
   *
   * @param attached the vifs that are there, by the names that they have now
   */
  List<String> lines(Supplier<List<String>> attached) {
    boolean guard = isGuardNew();
    boolean limit = isLimitNew();
    if (!guard && !limit || RunMark.isHidden(runDirectory)) {
      return List.of();
    }
    List<String> vifs = attached.get();
    Map<List<String>, List<String>> words = new LinkedHashMap<>();
    if (guard) {
      words.computeIfAbsent(unguarded(vifs), _ -> new ArrayList<>()).add(HostAntispoof.KEY + "=");
    }
    if (limit) {
      words.computeIfAbsent(vifs, _ -> new ArrayList<>()).add(HostServices.KEY + "=");
    }
    words.remove(List.<String>of());
    return words.entrySet().stream().map(one -> line(one.getKey(), one.getValue())).toList();
  }

  /** What is to be said of a word that these vifs do without. */
  List<String> lines(List<String> vifs, String key) {
    return vifs.isEmpty() ? List.of() : List.of(line(vifs, List.of(key + "=")));
  }

  private boolean isGuardNew() {
    return arguments.isYes(HostAntispoof.KEY) && !new HostAntispoof(runDirectory).isWanted();
  }

  private boolean isLimitNew() {
    Optional<String> wanted = arguments.value(HostServices.KEY);
    return wanted.flatMap(GuestServices::parse).isPresent()
        && !wanted.equals(new HostServices(runDirectory).of(script));
  }

  /** Some may be guarded by a word of their own. */
  private List<String> unguarded(List<String> vifs) {
    Path guards = RunFile.GUARDS.in(runDirectory);
    return vifs.stream().filter(vif -> !new RunMark(guards.resolve(vif)).isSet()).toList();
  }

  private String line(List<String> vifs, List<String> words) {
    return "attached already, and "
        + (arguments.dryRun() ? "would not be covered by " : "not covered by ")
        + String.join(" and ", words)
        + " until they are attached again: "
        + VifNames.of(vifs);
  }
}
