package org.passerelle.scripts;

import java.util.List;
import java.util.stream.Collectors;
import org.passerelle.link.plan.VifNames;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.natroute.RoutedGuest;

/**
 * Rules of vifs that somebody took away, as {@code nft flush ruleset} does: no start brings them
 * back, and nobody would see that guests do without.
 *
 * @param script that attaches a vif of this mode
 * @param words of a call of it, beside those that name the vif; where there is none it would take
 *     its defaults
 */
record LostRules(VifFacts vifs, String script, List<String> words) {
  LostRules {
    words = List.copyOf(words);
  }

  /** What is to be said of them, and how they come back. */
  List<String> lines(List<RoutedGuest> guests) {
    try {
      List<RoutedGuest> lost = guests.stream().filter(vifs::hasLost).toList();
      return lost.isEmpty() ? List.of() : List.of(line(lost));
    } catch (KernelException e) {
      return List.of("whether vifs have their rules is not seen: " + e.getMessage());
    }
  }

  private String line(List<RoutedGuest> lost) {
    BackendPath first = BackendPath.ofVif(vifs.device(lost.getFirst()));
    return "attached, and rules of theirs (antispoof=, forward=, services=) are gone until they are"
        + " attached again: "
        + VifNames.of(lost.stream().map(RoutedGuest::vif).toList())
        + "; for the first: "
        + script
        + " online vif="
        + first.vif()
        + " XENBUS_PATH="
        + first.path()
        + words.stream().map(word -> " " + word).collect(Collectors.joining());
  }
}
