/**
 * The netlink message format: header, attributes, acknowledgement with the kernel's extended text.
 * Pure bytes, no socket.
 *
 * <p>May import: {@code link.wire}.
 */
package org.passerelle.link.netlink;
