/** Domain ids, and the count of those that were given out. May import: the JDK only. */
package org.passerelle.hypervisor.domain;
