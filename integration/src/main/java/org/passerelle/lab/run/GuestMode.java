package org.passerelle.lab.run;

/** Where a lab's netfronts run. */
public enum GuestMode {
  /** With netback, in the lab's own process. */
  thread,
  /** Each domU's in a process of its own. */
  process
}
