/**
 * The XenStore daemon: one thread, Netty's event loop, owns the tree, the domains, the watches and
 * the sockets; whoever else wants something sends it a command and waits.
 *
 * <p>The socket's clients have dom0's rights, whence its mode 0600. What a client sends is bounded
 * by the protocol; what waits to be sent to it is bounded too: its requests wait while it does not
 * read its answers, and it is cut off when it leaves too many events unread.
 *
 * <p>May import: {@code hypervisor.domain}, the rest of {@code hypervisor.xenstore}, Netty.
 */
package org.passerelle.hypervisor.xenstore.server;
