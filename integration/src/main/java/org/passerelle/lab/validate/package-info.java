/**
 * What cannot work, found before anything is made: names, addresses, bridges, gateways, checks
 * without a meaning.
 *
 * <p>May import: {@code lab.model}, {@code lab.topology}, {@code link.wire}; of {@code scripts} and
 * {@code natroute} what words mean.
 */
package org.passerelle.lab.validate;
