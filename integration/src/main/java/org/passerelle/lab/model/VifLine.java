package org.passerelle.lab.model;

import java.util.Optional;
import java.util.OptionalInt;
import org.passerelle.link.wire.MacAddress;

/**
 * A vif as a line of an xm or xl domain file has it.
 *
 * @param ip what the toolstack allows or routes, as written; not the guest's own setting
 */
public record VifLine(
    Optional<Located<String>> bridge,
    Optional<Located<MacAddress>> mac,
    Optional<String> ip,
    Optional<Rate> rate,
    Optional<Located<String>> vifname,
    OptionalInt mtu,
    Optional<ScriptCall> script,
    Position at) {}
