/**
 * The kernel's network configuration: links, addresses, routes, neighbours as records, their
 * rtnetlink messages, and {@link org.passerelle.link.rtnl.Kernel}, the one door through which all
 * modules read and change it.
 *
 * <p>May import: {@code link.list}, {@code link.wire}, {@code link.netlink}.
 */
package org.passerelle.link.rtnl;
