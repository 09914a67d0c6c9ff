package org.passerelle.scripts;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.passerelle.link.plan.RunMark;
import org.passerelle.natroute.GuestServices;

/**
 * What the guests of this host reach of dom0, unless one of them says otherwise: as long as {@code
 * network-route} or {@code network-nat} is started with {@code services=}.
 */
record HostServices(Path runDirectory) {
  static final String KEY = "services";

  static final String WITH_BRIDGES =
      "services= cannot be had with bridges: there dom0 is one more host of its guests' network,"
          + " which they reach by that network's router, too; network-route and network-nat have"
          + " it";

  /** To take an empty value for none would let guests reach all. */
  static void refuseEmpty(ScriptArguments arguments) {
    if ("".equals(arguments.values().get(KEY))) {
      throw new ScriptException(
          "services= is empty: with services=none guests reach nothing of dom0, with services=any"
              + " everything");
    }
  }

  private HostMarks marks() {
    return new HostMarks(RunFile.SERVICES.in(runDirectory));
  }

  /** The words that a network script was started with. */
  Optional<String> of(String networkScript) {
    List<RunMark> all = marks().of(networkScript);
    return all.isEmpty() ? Optional.empty() : Optional.of(all.getFirst().word());
  }

  RunMark mark(String networkScript, String netdev) {
    return marks().of(networkScript, netdev);
  }

  /** What is to become of that mark when the script is started with this word, or stopped. */
  Marking.Wanted wanted(String networkScript, String netdev, Optional<String> word) {
    return new Marking.Wanted(
        mark(networkScript, netdev),
        word,
        "what guests attached from then on reach of dom0: " + word.orElse(GuestServices.ANY));
  }

  /** A vif is of no netdev more than of another one, so that there is one list for all. */
  void check(String networkScript, String netdev, String wanted) {
    GuestServices.parse(wanted);
    RunMark own = mark(networkScript, netdev);
    marks().of(networkScript).stream()
        .filter(mark -> !mark.equals(own))
        .map(RunMark::word)
        .filter(word -> !word.equals(wanted))
        .findFirst()
        .ifPresent(
            word -> {
              throw new ScriptException(
                  "services=" + wanted + ": it is " + word + " for another netdev already");
            });
  }
}
