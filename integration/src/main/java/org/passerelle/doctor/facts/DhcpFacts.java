package org.passerelle.doctor.facts;

import java.util.List;
import java.util.Optional;

/**
 * The DHCP server that the scripts have.
 *
 * @param users for whom it is to run, as {@code network-nat eth0}
 * @param running empty where it takes more rights to see
 */
public record DhcpFacts(List<String> users, Optional<Boolean> running) {}
