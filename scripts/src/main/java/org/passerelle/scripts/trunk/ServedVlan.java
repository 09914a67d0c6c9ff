package org.passerelle.scripts.trunk;

import org.passerelle.bridge.learning.BridgePort;
import org.passerelle.link.os.Tap;
import org.passerelle.link.wire.VlanId;

/** A VLAN while it is served. */
record ServedVlan(VlanId vlan, Tap tap, BridgePort port) {}
