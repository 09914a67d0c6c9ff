/**
 * XenStore's wire protocol as bytes: message types, header, payload strings, limits. Pure: no
 * input, no output, no state.
 *
 * <p>Source: Xen's public header {@code io/xs_wire.h} and {@code docs/misc/xenstore.txt}.
 *
 * <p>May import: the JDK only.
 */
package org.passerelle.hypervisor.xenstore.wire;
