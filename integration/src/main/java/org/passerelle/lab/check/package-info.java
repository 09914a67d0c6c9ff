/**
 * Carries out the checks on a running lab: makes the traffic, watches the captures, and says what
 * was expected and what was seen.
 *
 * <p>May import: {@code lab.model}, {@code lab.topology}, {@code lab.capture}, {@code link}.
 */
package org.passerelle.lab.check;
