/**
 * A domain's pages, and the grants by which it lets another domain reach some of them. The grant
 * entry's layout is Xen's version 1.
 *
 * <p>May import: {@code hypervisor.domain}.
 */
package org.passerelle.hypervisor.memory;
