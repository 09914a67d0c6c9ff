/**
 * Plan, then act. A {@code Plan} is a list of small reversible steps with their reasons, made by
 * pure code; a {@code Transaction} applies it, undoes it in reverse when a step fails, and keeps a
 * journal in a file so that a killed process is undone by whoever comes next.
 *
 * <p>May import: {@code link.list}, {@code link.rtnl}, {@code link.wire}.
 */
package org.passerelle.link.plan;
