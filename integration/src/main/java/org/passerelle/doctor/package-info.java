/**
 * {@code passerelle doctor}: what is the matter with this host's networks, and what to do about it.
 *
 * <pre>
 *   facts   the host, read once, in one place      (changes nothing)
 *   filter  a packet's way through the rules       (pure)
 *   check   facts to findings                      (pure)
 *   report  findings as a table, or as JSON        (pure)
 * </pre>
 *
 * <p>May import: {@code lab.report}, {@code scripts}, {@code natroute}, {@code vlan}, {@code
 * hypervisor}'s XenStore client, {@code link}.
 */
package org.passerelle.doctor;
