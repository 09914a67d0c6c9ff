/** Domain ids and their life cycle. May import: the JDK only. */
package org.passerelle.hypervisor.domain;
