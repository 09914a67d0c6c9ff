/**
 * Frames as they pass a point: live capture on kernel devices (pcap4j) and on ring ends (our own
 * tap), one filter language for both, and the judge who holds frames against an expectation.
 *
 * <p>May import: {@code lab.model}, {@code lab.topology}, {@code link.wire}, {@code link.port},
 * pcap4j.
 */
package org.passerelle.lab.capture;
