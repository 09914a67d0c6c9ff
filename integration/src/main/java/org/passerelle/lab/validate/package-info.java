/**
 * What cannot work, found before anything is made: names, addresses, bridges, gateways, checks
 * without a meaning.
 *
 * <p>May import: {@code lab.model}, {@code lab.topology}, {@code link.wire}.
 */
package org.passerelle.lab.validate;
