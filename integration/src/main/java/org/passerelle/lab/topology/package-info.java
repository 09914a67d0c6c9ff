/**
 * Who is connected to whom: stations, interfaces, segments and what the network script will make of
 * the host, worked out from the model before anything exists.
 *
 * <p>May import: {@code lab.model}, {@code link.wire}.
 */
package org.passerelle.lab.topology;
