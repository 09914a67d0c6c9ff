package org.passerelle.link.rtnl;

import java.util.List;

/**
 * Where an entry is in our table of the packet filter.
 *
 * @param set the set's name, or the map's
 * @param parts the key's, none of which has blanks in it
 */
public record TableKey(String set, List<String> parts) {

  public TableKey {
    parts = List.copyOf(parts);
  }

  /** Reads what {@link #text()} wrote. */
  public static TableKey parse(String text) {
    List<String> words = List.of(text.split(" "));
    return new TableKey(words.getFirst(), words.subList(1, words.size()));
  }

  /** In one line: the set, then the parts. */
  public String text() {
    return set + " " + String.join(" ", parts);
  }
}
