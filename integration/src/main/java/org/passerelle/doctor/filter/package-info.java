/**
 * A packet's way through the packet filter's chains, as far as it can be told beforehand: the
 * verdict, and the rule that has it.
 */
package org.passerelle.doctor.filter;
