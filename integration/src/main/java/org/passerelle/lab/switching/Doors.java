package org.passerelle.lab.switching;

import org.passerelle.link.port.Port;
import org.passerelle.link.rtnl.LinkSpec;
import org.passerelle.link.rtnl.VethKind;

/** The ways from the switch into the devices of one namespace. */
interface Doors {

  /**
   * Makes a device of this name, MAC, MTU and group for a bridge or VLAN, and opens the way to it.
   * Closing the port deletes the device, unless somebody has.
   */
  Port makeLocal(LinkSpec spec);

  /** Opens a way to a device that the kernel goes on using itself. */
  Port share(String device);

  /** Prepares a veth pair, which is just made, for either end's becoming a bridge's port. */
  void prepare(String device, VethKind pair);

  /**
   * Takes a device over as a bridge's port: what comes in there is heard by nobody else. Closing
   * the port gives the device back.
   */
  Port takeOver(String device);
}
