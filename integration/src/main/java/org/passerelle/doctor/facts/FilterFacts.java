package org.passerelle.doctor.facts;

import java.util.List;
import java.util.Optional;
import org.passerelle.natroute.nft.Ruleset;

/**
 * The packet filter.
 *
 * @param ruleset empty when it could not be read
 * @param unread why not
 * @param legacy the tables of the older iptables that are in use; empty when it could not be read
 */
public record FilterFacts(
    Optional<Ruleset> ruleset, String unread, Optional<List<String>> legacy) {}
