/**
 * Both halves of the virtual network device: the guest's netfront and the host's netback, their
 * handshake, their limits, and the path of a frame from a guest's port to the host's vif.
 *
 * <p>Two threads: a {@link org.passerelle.netback.XenbusThread} for handshakes and a {@link
 * org.passerelle.netback.DataPlane} for frames. A {@link org.passerelle.netback.NetbackDriver}
 * serves the host's devices, a {@link org.passerelle.netback.NetfrontDriver} is a guest's, and a
 * {@link org.passerelle.netback.NetfrontBus} has one for each of a guest's devices.
 *
 * <p>TX and RX are named from the frontend's side. May import: {@code netback.protocol}, {@code
 * hypervisor}'s interfaces, {@code link.port}, {@code link.wire} and, to wait with, {@code
 * link.os.Poller}.
 */
package org.passerelle.netback;
