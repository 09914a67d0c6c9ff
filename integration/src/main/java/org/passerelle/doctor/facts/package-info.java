/** The host as it was found; {@link org.passerelle.doctor.facts.FactReader} alone looks at it. */
package org.passerelle.doctor.facts;
