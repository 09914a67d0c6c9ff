/**
 * The slots of Xen's {@code io/netif.h}: tx and rx requests and responses, extra info, flags,
 * status codes and the names of the features in XenStore.
 *
 * <p>May import: {@code hypervisor.ring}.
 */
package org.passerelle.netback.protocol;
