/**
 * 802.1Q VLANs over bridges. So far only what the kernel's own VLAN device is; no script uses it
 * yet, as the README's support table says.
 *
 * <p>May import: {@code link}, {@code bridge}.
 */
package org.passerelle.vlan;
