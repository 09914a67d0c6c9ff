package org.passerelle.outside;

/** What goes on between dom0 and a host outside while a script runs. */
interface Traffic {
  int sent();

  /** How many of those sent have arrived at least, or the latest that has been answered. */
  int arrived();

  void end() throws Exception;
}
