package org.passerelle.natroute.nft;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Decisions by a field's values, of which one at most is for a packet. A host may have one for each
 * of its guests: the one for a plain name is found at once.
 */
public final class Cases {
  private final List<Statement.Case> all;
  private final Map<String, Statement.Case> named = new HashMap<>();

  /** Those for more than one value, or for one that has several spellings. */
  private final List<Statement.Case> others;

  /** The one for all other values comes last. */
  Cases(List<Statement.Case> cases) {
    this.all =
        Stream.concat(
                cases.stream().filter(one -> !one.values().isAny()),
                cases.stream().filter(one -> one.values().isAny()))
            .toList();
    this.others = all.stream().filter(one -> !one.values().isName()).toList();
    all.stream()
        .filter(one -> one.values().isName())
        .forEach(one -> named.put(one.values().texts().getFirst(), one));
  }

  /** All of them, as one after the other is to be looked at. */
  public List<Statement.Case> all() {
    return all;
  }

  /** Those that may be for a value. */
  public List<Statement.Case> of(String value) {
    Statement.Case one = named.get(value);
    return one == null ? others : List.of(one);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Cases that && all.equals(that.all);
  }

  @Override
  public int hashCode() {
    return Objects.hash(all);
  }

  @Override
  public String toString() {
    return all.toString();
  }
}
