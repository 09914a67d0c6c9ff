package org.passerelle.doctor.facts;

import java.util.List;
import java.util.Optional;
import org.passerelle.link.rtnl.TableEntry;
import org.passerelle.natroute.nft.Ruleset;

/**
 * The packet filter.
 *
 * @param ruleset empty when it could not be read
 * @param unread why not
 * @param table what is in our own table; nothing where there is none
 * @param legacy the tables of the older iptables that are in use; empty when it could not be read
 */
public record FilterFacts(
    Optional<Ruleset> ruleset,
    String unread,
    List<TableEntry> table,
    Optional<List<String>> legacy) {}
