/**
 * 802.1Q VLANs over bridges. Nothing is implemented here yet: the README's support table says so,
 * and the module keeps its place in the layers.
 *
 * <p>May import: {@code link}, {@code bridge}.
 */
package org.passerelle.vlan;
