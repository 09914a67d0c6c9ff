/**
 * The one place of this module where native code is called: netlink sockets, taps, veth ends,
 * packet sockets, epoll, eventfd, namespaces, and {@code HostCapability}, which says what this host
 * can do. JNA on the control path, the JDK's foreign-function interface on the data path.
 *
 * <p>May import: every other package of {@code link}.
 */
package org.passerelle.link.os;
