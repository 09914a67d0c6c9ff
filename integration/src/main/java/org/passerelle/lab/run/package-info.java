/**
 * The lab as it runs: namespaces, wires, the hypervisor, dom0 with its scripts and drivers, guests;
 * and its end, which leaves nothing behind.
 *
 * <p>May import: {@code lab.model}, {@code lab.topology}, {@code lab.capture}, {@code lab.check},
 * {@code lab.report}, {@code lab.switching}, {@code toolstack}, and every module below.
 */
package org.passerelle.lab.run;
