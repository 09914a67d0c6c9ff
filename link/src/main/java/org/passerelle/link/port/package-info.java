/**
 * Ports: everything that frames go into and come out of (a tap, a packet socket, a ring end), and
 * the decorators that loop, trace, record or break them. A frame travels with its offload metadata
 * and is not segmented on the way unless the next hop needs it.
 *
 * <p>May import: {@code link.wire}.
 */
package org.passerelle.link.port;
