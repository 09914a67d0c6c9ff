/**
 * What travels on a wire, as pure values and views: MAC addresses, VLAN ids, Ethernet, 802.1Q, ARP,
 * IPv4, IPv6, ICMP, checksums, and the {@code virtio_net_hdr} that a tap puts before each frame.
 *
 * <p>A view reads and writes any bytes; a record holds legal meanings only. Nothing above this
 * package sees an offset. May import: {@code link.list}.
 */
package org.passerelle.link.wire;
