/**
 * NAT and route modes: dom0 as its guests' router instead of their switch. The plans of {@code
 * vif-route}, {@code vif-nat}, {@code network-route} and {@code network-nat}. And, for bridges as
 * well, what a guest may send: {@link org.passerelle.natroute.GuestFilter}.
 *
 * <pre>
 *   guest              dom0                                            outside
 *   10.0.7.1           vif7.0: the router's address        eth0
 *   eth0 ============= route to 10.0.7.1 ----------------- forwards -- wire
 *                      answers ARP for everybody           route: answers for the guest (ARP, NDP)
 *                                                          nat: in dom0's name (table passerelle)
 * </pre>
 *
 * What flows where: the scripts give a plan what the toolstack asked for, already read ({@link
 * org.passerelle.natroute.RoutedVif}, {@link org.passerelle.natroute.NatVif}); the plan says which
 * addresses, routes, settings and entries of the packet filter's table are missing. The host's part
 * is {@link org.passerelle.natroute.Forwarding}, once for each way out. The filter's plan is a slot
 * of its own in a vif's: between its new name, since the kernel binds the filter to a name, and its
 * going up, since nothing may pass before.
 *
 * <p>{@code dhcp=yes} ({@link org.passerelle.natroute.GuestLease}) says what a DHCP server is to be
 * told. Who that is, and who runs it, is decided in {@link org.passerelle.natroute.dhcp}: a dnsmasq
 * of our own, unless the host has ISC's dhcpd configured.
 *
 * <p>Plans are pure: they read a {@link org.passerelle.link.plan.Host} and return a {@link
 * org.passerelle.link.plan.Plan}. May import: {@code link}, but not {@code link.os}.
 */
package org.passerelle.natroute;
