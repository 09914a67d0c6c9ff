/**
 * From a file's path to a topology that may be built, or to everything that is wrong with it.
 *
 * <p>May import: {@code lab.model}, {@code lab.parse}, {@code lab.topology}, {@code lab.validate}.
 */
package org.passerelle.lab.load;
