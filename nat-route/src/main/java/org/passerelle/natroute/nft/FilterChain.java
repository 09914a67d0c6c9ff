package org.passerelle.natroute.nft;

import java.util.List;
import java.util.Optional;

/**
 * A chain of rules.
 *
 * @param table with its family
 * @param hook where packets come in from; empty when only other chains lead here
 */
public record FilterChain(String table, String name, Optional<Hook> hook, List<FilterRule> rules) {

  public FilterChain {
    rules = List.copyOf(rules);
  }

  /**
   * Where packets come in from.
   *
   * @param name {@code forward}, {@code input}, …
   * @param type {@code filter}, {@code nat} or {@code route}
   * @param drops what becomes of a packet of which no rule decides
   */
  public record Hook(String name, String type, boolean drops) {}

  public boolean isOf(String otherTable) {
    return table.equals(otherTable);
  }

  /** {@code ip}, {@code ip6}, {@code inet}, {@code bridge}, … */
  public String family() {
    return table.substring(0, table.indexOf(' '));
  }
}
