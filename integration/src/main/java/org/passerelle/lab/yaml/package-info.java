/**
 * A YAML 1.2 document as plain values with line and column. Scalars stay text: what a text means is
 * the business of whoever reads the key.
 *
 * <p>May import: {@code lab.model}'s positions and problems, snakeyaml-engine.
 */
package org.passerelle.lab.yaml;
