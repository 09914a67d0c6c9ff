/** Findings for people, as wide as their terminal, and for programs. */
package org.passerelle.doctor.report;
