/**
 * NAT and route modes. Nothing is implemented here yet: the README's support table says so, and the
 * module keeps its place in the layers.
 *
 * <p>May import: {@code link}.
 */
package org.passerelle.natroute;
