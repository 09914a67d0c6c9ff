package org.passerelle.lab.switching;

import org.passerelle.link.port.Port;
import org.passerelle.link.rtnl.Kernel;
import org.passerelle.link.rtnl.LinkSpec;

/** The ways from the switch into the devices of one namespace. */
interface Doors {

  /** Makes a device of this name, MAC, MTU and group for a bridge, and opens the way to it. */
  Port makeLocal(Kernel kernel, LinkSpec bridge);

  /**
   * Takes a device over as a bridge's port: what comes in there is heard by nobody else. Closing
   * the port gives the device back.
   */
  Port takeOver(String device);
}
