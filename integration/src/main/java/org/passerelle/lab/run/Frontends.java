package org.passerelle.lab.run;

import org.passerelle.lab.topology.Vif;

/** A domU's netfronts: threads of this process, or a process of its own. */
interface Frontends {
  /** Loads the frontend driver: it waits for the toolstack to make the device. */
  void probe(Vif vif);

  /** Unloads the driver of one vif; its interface is gone afterwards. */
  void remove(Vif vif) throws InterruptedException;
}
