/**
 * Both halves of the virtual network device: the guest's netfront and the host's netback, their
 * handshake, their limits, and the path of a frame from a guest's port to the host's vif.
 *
 * <p>TX and RX are named from the frontend's side. May import: {@code netback.protocol}, {@code
 * hypervisor}'s interfaces, {@code link.port} and {@code link.wire}.
 */
package org.passerelle.netback;
