/**
 * 802.1Q VLANs over bridges: the kernel's own VLAN device, and the plans of {@code
 * network-bridge-vlan} and {@code network-multi-vlan}.
 *
 * <p>Plans are pure, as those of {@code bridge}. May import: {@code link}, but not {@code link.os};
 * {@code bridge}.
 */
package org.passerelle.vlan;
