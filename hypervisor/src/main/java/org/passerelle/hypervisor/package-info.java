/**
 * What the rest of the project asks of a hypervisor, whichever it is: domains, shared memory,
 * grants, event channels and the store.
 *
 * <p>May import: its own sub-packages' interfaces, never an implementation.
 */
package org.passerelle.hypervisor;
