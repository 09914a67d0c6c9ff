/**
 * The xenbus handshake: the states of a split device's two ends and the moves between them.
 *
 * <p>May import: {@code hypervisor.domain}, {@code hypervisor.xenstore}.
 */
package org.passerelle.hypervisor.device;
