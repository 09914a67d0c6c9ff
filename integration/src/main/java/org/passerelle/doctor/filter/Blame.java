package org.passerelle.doctor.filter;

import java.util.Optional;
import org.passerelle.natroute.nft.FilterChain;
import org.passerelle.natroute.nft.FilterRule;

/**
 * Who drops a packet.
 *
 * @param chain where the rule is
 * @param rule empty: the chain's policy
 */
public record Blame(FilterChain chain, Optional<FilterRule> rule) {

  /** For people. */
  public String words() {
    return rule.map(one -> "the rule `" + one.text() + "` of chain " + chain.name())
        .orElse("the policy of chain " + chain.name() + ", drop");
  }

  /** The same where nothing else names the table. */
  public String whole() {
    return words() + " (" + chain.table() + ")";
  }
}
