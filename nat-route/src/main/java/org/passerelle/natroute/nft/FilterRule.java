package org.passerelle.natroute.nft;

import java.util.List;

/**
 * A rule.
 *
 * @param text in nft's language
 * @param statements in order: as long as one holds the next is looked at
 */
public record FilterRule(String text, List<Statement> statements) {

  public FilterRule {
    statements = List.copyOf(statements);
  }

  /** By its text alone: a match may have a hundred thousand values. */
  @Override
  public int hashCode() {
    return text.hashCode();
  }
}
