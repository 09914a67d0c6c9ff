/**
 * The DHCP server of NAT mode, as one more thing of the host that plans change: who runs it, and
 * which guests it was told of.
 *
 * <pre>
 *   run directory/dhcp/
 *     conf                dnsmasq's, made anew whenever it is started
 *     hosts/vif7.0        one line a guest, read by dnsmasq as soon as it is there
 *     addresses/10.0.7.1  the vifs whose guests have the address
 *     users/              for whom it is to run: one file for each start of network-nat
 *     pid, leases         dnsmasq's own
 * </pre>
 *
 * The server is a dnsmasq of our own. It hears vifs only, knows the guests of {@code hosts} only,
 * each on its own vif, and answers nothing else: no names (port 0), no other addresses. It is
 * started when the first network-nat wants it and ended with the last; one that was killed is
 * started anew by the next script that has something to tell. It is found by its directory, which
 * it alone has mounted at {@code /mnt}: so it may give up root, and yet read what lies below the
 * run directory, where nobody else may look. In a user namespace that has one user only it stays
 * that one. No other dnsmasq is ever touched, nor that of another network namespace; who has
 * scripts in several gives each a run directory, for the files are one's.
 *
 * <p>dnsmasq reads new files by itself, forgets on SIGHUP only, and keeps an address for whoever
 * had it last until the lease ends; so it is started anew where another guest's lease is in the
 * way. As it has {@code dhcp-authoritative}, guests notice nothing of that.
 *
 * <p>Where ISC's dhcpd is configured ({@link org.passerelle.natroute.dhcp.IscDhcpd}), it is told
 * instead, as Xen's own scripts do it; but not as long as a dnsmasq of ours is there.
 *
 * <p>May import: {@code link}.
 */
package org.passerelle.natroute.dhcp;
