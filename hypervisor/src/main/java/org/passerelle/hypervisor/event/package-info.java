/**
 * Event channels: the one-bit notifications between two domains. May import: {@code
 * hypervisor.domain}.
 */
package org.passerelle.hypervisor.event;
