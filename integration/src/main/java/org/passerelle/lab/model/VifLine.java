package org.passerelle.lab.model;

import java.util.Optional;
import java.util.OptionalInt;
import org.passerelle.link.wire.MacAddress;
import org.passerelle.vlan.VlanGrant;

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
    Optional<Located<Vlan>> vlan,
    OptionalInt mtu,
    Optional<ScriptCall> script,
    Position at) {

  /**
   * The VLANs that it may use.
   *
   * @param text as written
   */
  public record Vlan(String text, VlanGrant grant) {}
}
