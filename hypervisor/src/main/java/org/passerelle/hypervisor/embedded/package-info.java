/**
 * A hypervisor on any Linux host: domain memory in shared memory, a grant table with Xen's entries
 * and rules, event channels as eventfds, and a XenStore. Native calls (memfd, mmap, eventfd, epoll)
 * are made here and nowhere else in this module but {@code hypervisor.xen}.
 *
 * <h2>A domain's memory, for whoever reads it from outside</h2>
 *
 * <p>Domain N's memory is one anonymous file, named {@code passerelle-dom<N>} and held open by the
 * hypervisor's process: its descriptors are found under {@code /proc/<pid>/fd} as links to {@code
 * /memfd:passerelle-dom<N> (deleted)}; opening that entry gives the file, to be mapped shared. Its
 * size is fixed by seals (neither shrinks nor grows), so a mapping never meets SIGBUS. Everything
 * in it is little-endian. It is an array of frames of 4096 bytes; frame f begins at byte {@code
 * 4096 * f}.
 *
 * <pre>
 *   frame 0 .. G-1     the grant table, 512 entries a frame, struct grant_entry_v1 of Xen's
 *                      grant_table.h; the entry of grant reference r begins at byte 8 * r
 *                          u16 flags @0   1 permit access, 4 read-only, 8 reading, 16 writing
 *                          u16 domid @2   the domain that may use it
 *                          u32 frame @4   the granted frame, G or more
 *   frame G .. G+P-1   the domain's P pages; they are what it grants
 * </pre>
 *
 * <p>So grant → frame → page is: entry r at byte {@code 8 * r}; bit 0 of its flags set; page at
 * byte {@code 4096 * frame}. References 0..7 are reserved as in Xen; nothing is granted by them
 * here. {@code G} is the least that gives the table P + 8 entries, at least 1 and at most 64 (Xen's
 * default limit for a guest); no reader needs it, as no grant names a frame below G.
 *
 * <p>An entry is published by one 64-bit store, and withdrawn by one. The granter owns flags,
 * domain and frame; the hypervisor sets the bits 8 and 16 while the page is in use, and the granter
 * must not end the grant while one of them is set. Whoever holds the file can write anything in it:
 * the hypervisor copies an entry once, checks the copy, and confirms it by compare-and-exchange.
 *
 * <h2>Two processes</h2>
 *
 * <p>The granting side ({@code PageAllocator}, {@code SharedGrantTable}) uses the file and nothing
 * else of the hypervisor; a port's events are the count of an eventfd. So a domain can run in
 * another process that was given its file and its eventfds.
 *
 * <p>May import: every other package of {@code hypervisor}.
 */
package org.passerelle.hypervisor.embedded;
