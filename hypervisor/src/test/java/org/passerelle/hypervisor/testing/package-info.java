/**
 * Xen's own XenStore programs as judges of ours, for the tests of this module and of those above
 * it: the C daemon run without Xen, the ring by which a domain talks to it, and where to find them.
 *
 * <p>May import: JUnit and AssertJ.
 */
package org.passerelle.hypervisor.testing;
