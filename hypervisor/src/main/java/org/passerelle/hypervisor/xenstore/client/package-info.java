/**
 * A connection to a XenStore daemon of whatever make, over any stream of octets. Without a watch it
 * has no thread: a script that reads three nodes and writes one pays for nothing else.
 *
 * <p>The socket is the JDK's: one outgoing connection gains nothing from an event loop, and a
 * script's class path holds no Netty.
 *
 * <p>May import: {@code hypervisor.xenstore}, {@code hypervisor.xenstore.wire}.
 */
package org.passerelle.hypervisor.xenstore.client;
