package org.passerelle.doctor.facts;

import java.util.List;

/**
 * The DHCP server that the scripts have.
 *
 * @param users for whom it is to run, as {@code network-nat eth0}
 */
public record DhcpFacts(List<String> users, boolean running) {}
