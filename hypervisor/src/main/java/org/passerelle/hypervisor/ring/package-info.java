/**
 * The shared ring of Xen's {@code io/ring.h}: its layout, and the two views of it, front and back.
 *
 * <p>May import: the JDK only. A ring knows nothing of what its slots mean.
 */
package org.passerelle.hypervisor.ring;
