package org.passerelle.scripts;

import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Plan;

/**
 * What a vif may have of an attachment by the script of another mode: an attachment by this one, or
 * a release, leaves nothing of it. A mark says that there may be some, so that nobody else is
 * asked.
 */
interface Leftover {
  boolean isThere(Host host);

  /** Plans that it is there no more. */
  Plan without(Host host);

  /** That there is none any more, once the plan is carried out. */
  void forget();

  /** What is said of it where it cannot be taken back. */
  String words();

  /** Whether it is in our table, which is not to come or go meanwhile. */
  default boolean isInTable() {
    return false;
  }
}
