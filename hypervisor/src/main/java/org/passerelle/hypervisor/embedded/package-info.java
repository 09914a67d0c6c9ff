/**
 * A hypervisor on any Linux host: domain memory in shared memory, a grant table with Xen's entries
 * and rules, event channels as eventfds, and a XenStore. Native calls (memfd, mmap, eventfd, epoll,
 * sockets) are made here and nowhere else in this module but {@code hypervisor.xen}.
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
 * <h2>Two processes: the door</h2>
 *
 * <p>The granting side ({@code PageAllocator}, {@code SharedGrantTable}) uses the file and nothing
 * else of the hypervisor, so a domain can run in another process. What only the hypervisor can do
 * it asks for at its domain's <em>door</em>: a Unix socket of type SOCK_SEQPACKET and mode 0600,
 * where one caller is let in, once in the domain's life.
 *
 * <pre>
 *   the guest's process                              the hypervisor's process
 *
 *   connect, hello               ── door ──────────  let in: domid, G, P
 *   memory: mmap of the file     ◄─ SCM_RIGHTS ────  memory file
 *   store: the xs protocol       ◄─ SCM_RIGHTS ────  a stream socket with this domain's rights
 *   allocate a port for dom0     ── door ──────────  port number
 *     poll, epoll_wait           ◄─ SCM_RIGHTS ────  epoll, edge-triggered ◄── eventfd A ◄── rings
 *     write 8 octets (u64 1)     ◄─ SCM_RIGHTS ────  eventfd B ──► polled; read without blocking
 * </pre>
 *
 * <p>A message is 24 octets, little-endian, in a packet of its own, both ways. Every request gets
 * one reply, in order, of the same type; words that have no meaning are sent as 0 and not looked
 * at.
 *
 * <pre>
 *   0        4        8        12       16       20       24
 *   +--------+--------+--------+--------+--------+--------+
 *   | type   | status | word 0 | word 1 | word 2 | word 3 |
 *   +--------+--------+--------+--------+--------+--------+
 *   status is 0, or in a reply the negative of Linux's errno: nothing was done then
 *
 *   type                  request         reply, and its descriptors in this order
 *   1 hello               0: version 1    0: version  1: domid  2: G  3: P    memory, store
 *   2 allocate a port     0: domid that   0: port                             events, kick
 *                         may bind to it
 *   3 close a port        0: port
 * </pre>
 *
 * <p>Hello comes first; a host that speaks another version answers -EPROTONOSUPPORT with its own in
 * word 0 and hangs up. Other statuses: -EINVAL (no such port, no such domain id, hello once more),
 * -ENOSPC (no port is left: a process may have 255), -ENOSYS (no such type), -EPROTO (not hello
 * first: the host hangs up), -EIO, and whatever the host is out of, such as -EMFILE.
 *
 * <p>An event has come when {@code events} polls readable; {@code epoll_wait(events, …, 1, 0)} that
 * returns 1 takes it. Many events may be one. An event is sent by writing a u64 of 1 to {@code
 * kick}. Closing a port ends it at the host; the descriptors are the guest's to close.
 *
 * <p><b>Neither side can hold the other up.</b> O_NONBLOCK belongs to the open file, which both
 * processes share once a descriptor was passed. So the eventfd that the host writes is never
 * passed: the guest gets an epoll descriptor that looks at it and cannot be used to read or to
 * write it. The one that the guest writes is never written by the host and read with {@code
 * RWF_NOWAIT} only. A door has a thread of its own, which answers with {@code MSG_DONTWAIT}: a
 * guest that leaves its replies unread (some dozens fit), or that sends a packet of another length,
 * is shown out. Descriptors that a guest sends along are dropped by the kernel.
 *
 * <p><b>The ends.</b> The guest's process is gone when its end of the door closes: its ports,
 * watches and transactions go at once, and whoever opened the door is told. That is a domU that has
 * crashed: the toolstack detaches its devices and destroys it, and creates it anew under a new
 * domain id if it wants to, as {@code on_crash} says in Xen; nobody is let in a second time. Its
 * memory is freed when it is mapped nowhere any more. The host is gone when the door reports end of
 * file: the guest frees all it has of it and calls again where the same name has its door.
 *
 * <p>A guest in another process uses no grants of others: {@code foreignGrants} is not to be had
 * there, and ports are allocated, not bound to.
 *
 * <pre>
 *   the door:   OPEN ── accepted ──► CALLED ── hello ──► INSIDE ── end of file, breach ──► LEFT
 *                ▲                     │                              close, in any state ──► LEFT
 *                └── silent, wrong ────┘
 * </pre>
 *
 * <p>May import: every other package of {@code hypervisor}.
 */
package org.passerelle.hypervisor.embedded;
