/**
 * XenStore as its users see it: a connection, its operations, its errors. Beneath it, {@code wire}
 * holds the protocol's bytes, {@code tree} the nodes, transactions, permissions and quotas, {@code
 * server} the daemon, {@code client} the connection to a daemon of whatever make.
 *
 * <p>May import: the JDK only. Netty is used in {@code server} and nowhere else.
 */
package org.passerelle.hypervisor.xenstore;
