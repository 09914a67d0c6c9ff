/**
 * From YAML values to the model. Every mistake is noted with its place and reading goes on, so that
 * one run names them all.
 *
 * <p>May import: {@code lab.model}, {@code lab.yaml}, {@code link.wire}.
 */
package org.passerelle.lab.parse;
