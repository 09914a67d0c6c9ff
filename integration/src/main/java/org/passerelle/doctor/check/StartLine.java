package org.passerelle.doctor.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.passerelle.doctor.facts.Facts;

/**
 * The call that starts a network script again: with the words that it was started with, as far as
 * they left a mark, for a start without them takes back what they said.
 */
final class StartLine {
  private StartLine() {}

  /**
   * @param user the script and its NIC, as {@code network-nat eth0}
   */
  static String of(Facts facts, String user) {
    List<String> words = new ArrayList<>();
    words.add(user.replaceFirst(" ", " start netdev="));
    Optional.ofNullable(facts.own().services().get(user))
        .map(word -> "services=" + word)
        .map(word -> word.contains(" ") ? "'" + word + "'" : word)
        .ifPresent(words::add);
    if (facts.own().hostGuards().contains(user)) {
      words.add("antispoof=yes");
    }
    if (facts.dhcp().users().contains(user)) {
      words.add("dhcp=yes");
    }
    return String.join(" ", words);
  }
}
