package org.passerelle.scripts;

import java.util.List;
import java.util.Optional;
import org.passerelle.link.os.HostFiles;

/** The word {@code dhcp}. */
final class Dhcp {
  static final String KEY = "dhcp";

  private Dhcp() {}

  /** What the word says; where nobody says it, the originals look for a file of dhcpd's. */
  static boolean isWanted(Optional<String> word) {
    return word.isPresent()
        ? ScriptArguments.isYes(KEY, word.get())
        : HostFiles.REAL.first(List.of("etc/dhcpd.conf")).isPresent()
            && HostFiles.REAL.areOfThisNetwork();
  }
}
