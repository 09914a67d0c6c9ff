/**
 * What a lab file says, as records; every value that can be wrong keeps the place where it stands.
 *
 * <p>May import: {@code link.wire}.
 */
package org.passerelle.lab.model;
