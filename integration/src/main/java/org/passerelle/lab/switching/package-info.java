/**
 * Bridges and VLANs in user space for everything that works by a {@link
 * org.passerelle.link.rtnl.Kernel}: the network scripts and the lab's wires run unchanged, and what
 * they are given bridges by itself, as Open vSwitch's user-space datapath does with its internal
 * ports.
 *
 * <pre>
 *   network-bridge, vif-bridge, …                        the switch's thread
 *        |                                                |
 *   SwitchedKernel ----- commands -------------------> Switchboard ---- UserBridge "xenbr0"
 *        |       ^                                        ^  |           LearningBridge
 *        |       +------ Roster: who is whose port -------|--+             |    |    |
 *        v                                                |                |    |    |
 *   NetlinkKernel                                    LinkMonitor           |    |    |
 *   -----|------------------------------------------------|----------------|----|----|------
 *        v                                                |                |    |    |
 *   xenbr0, vif1.0, peth0 as the kernel has them ---------+      a veth's  |    |    | packet
 *   xenbr0 ======================================================  other --+  vif1.0 |  sockets
 *   a veth's end: the bridge's own device                         end            peth0
 * </pre>
 *
 * A port's frames go to its packet socket only ({@code link.os.IngressDrop}): the host's own
 * protocols hear nothing there, as with a bridge of the kernel's. The port keeps its name, flags
 * and addresses; only its master is our word, not the kernel's.
 *
 * <p>A VLAN's device is a veth's end too; between the other end and the device below stands a
 * {@link org.passerelle.lab.switching.UserTrunk}, which puts tags in and takes them out. The device
 * below stays the kernel's, for all that has no tag.
 *
 * <p>One thread owns all bridges and moves all frames; a {@link
 * org.passerelle.lab.switching.SwitchedKernel} sends it commands, and reads the roster, which it
 * publishes. Devices are told by index, which stays when they are renamed.
 *
 * <p>Different from a bridge of the kernel's: no spanning tree; a bridge's or VLAN's device looks
 * like a veth to whoever asks the kernel himself ({@code ip link}), and his {@code ip link set
 * master} does not reach us; there is no netfilter on the way ({@code br_netfilter}).
 *
 * <p>May import: {@code bridge}, {@code vlan}, {@code link}.
 */
package org.passerelle.lab.switching;
