/**
 * What a person or a program is told: the picture of the topology, the table of the checks, JSON.
 * Everything here returns text; only {@code cli} prints.
 *
 * <p>May import: {@code lab.model}, {@code lab.topology}, {@code lab.check}.
 */
package org.passerelle.lab.report;
