package org.passerelle.link.plan;

import java.util.Optional;

/**
 * What a journal, or a file of kept settings, says of itself, for whoever only looks.
 *
 * @param owner whose it is, for people: {@code network-nat start}
 */
public record JournalHead(Journal.Key key, String owner) {

  /** Empty for what is not as we write it. */
  public static Optional<JournalHead> read(String text) {
    try {
      JournalFormat.Content content = JournalFormat.read(text);
      return Optional.of(new JournalHead(content.key(), content.owner()));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }
}
