/**
 * A learning bridge in user space, for hosts where the kernel's is not to be had or not wanted:
 * frames go from port to port by the addresses that were seen behind each (IEEE 802.1D-2004, clause
 * 7), and by their VLANs where it is told to look at them (IEEE 802.1Q-2018, clause 8).
 *
 * <p>It does what a Linux bridge without STP and multicast snooping does (Linux 6.1 net/bridge),
 * but for what {@link org.passerelle.bridge.learning.LearningBridge} names.
 *
 * <p>May import: {@code link.port}, {@code link.wire}.
 */
package org.passerelle.bridge.learning;
