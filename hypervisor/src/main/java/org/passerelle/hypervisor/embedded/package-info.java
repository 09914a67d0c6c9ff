/**
 * A hypervisor on any Linux host: domain memory in shared memory, a grant table with Xen's entries
 * and rules, event channels as eventfds, and our own XenStore. Native calls (memfd, mmap, eventfd)
 * are made here and nowhere else in this module but {@code hypervisor.xen}.
 *
 * <p>May import: every other package of {@code hypervisor}.
 */
package org.passerelle.hypervisor.embedded;
