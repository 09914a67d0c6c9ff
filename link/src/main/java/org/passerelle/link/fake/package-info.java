/**
 * A kernel in memory that follows the rules of the real one as far as plans can notice: for planner
 * tests, dry runs, and a fault at any step.
 *
 * <p>May import: {@code link.rtnl}, {@code link.plan} (for the kernel's label rule), {@code
 * link.wire}.
 */
package org.passerelle.link.fake;
