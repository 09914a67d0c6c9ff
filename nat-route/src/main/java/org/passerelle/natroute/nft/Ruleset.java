package org.passerelle.natroute.nft;

import java.util.List;
import java.util.Optional;

/**
 * All that is in a namespace's packet filter, whoever put it there, as far as a verdict on a packet
 * depends on it.
 *
 * @param tables each with its family: {@code inet firewalld}
 */
public record Ruleset(List<String> tables, List<FilterChain> chains) {

  public Ruleset {
    tables = List.copyOf(tables);
    chains = List.copyOf(chains);
  }

  /** A chain of the same table as this one. */
  public Optional<FilterChain> beside(FilterChain chain, String name) {
    return chains.stream()
        .filter(other -> other.isOf(chain.table()) && other.name().equals(name))
        .findFirst();
  }
}
