/**
 * What a link does for the kernel's stack, as ethtool netlink shows and changes it. Pure bytes, no
 * socket.
 *
 * <p>May import: {@code link.netlink}.
 */
package org.passerelle.link.ethtool;
