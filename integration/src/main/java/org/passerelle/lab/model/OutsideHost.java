package org.passerelle.lab.model;

import java.util.Optional;
import org.passerelle.link.wire.MacAddress;

/** A host on a wire, outside of the Xen host; its one interface is eth0. */
public record OutsideHost(
    String name, String wire, Optional<Located<MacAddress>> mac, Settings settings, Position at) {}
