/**
 * XenStore: tree, transactions, watches, permissions and quotas; the wire protocol; a server and a
 * client.
 *
 * <p>May import: {@code hypervisor.domain}. Netty only in the server.
 */
package org.passerelle.hypervisor.xenstore;
