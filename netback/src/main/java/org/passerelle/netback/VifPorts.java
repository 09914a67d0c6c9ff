package org.passerelle.netback;

/** Makes the host's end of a vif. */
@FunctionalInterface
public interface VifPorts {

  /**
   * Makes the device of a vif: its carrier off, its link down, ready for a hotplug script. Called
   * on the xenbus thread.
   *
   * @param name {@code vif<domid>.<handle>}, as Linux's netback calls it
   * @throws RuntimeException when it cannot be had: the message goes to the log and to the store,
   *     and that vif alone is closed
   */
  NetDevice open(String name);
}
