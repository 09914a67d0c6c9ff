package org.passerelle.lab.topology;

import java.util.Optional;
import java.util.OptionalInt;
import org.passerelle.lab.model.Position;
import org.passerelle.lab.model.Rate;
import org.passerelle.lab.model.ScriptCall;
import org.passerelle.lab.model.VifLine;
import org.passerelle.link.wire.MacAddress;

/**
 * A virtual interface between a domain and dom0.
 *
 * @param domid the id that the domain will get: they count from 1 in the order of the file
 * @param bridge the bridge that its script attaches it to, or its untagged side; without a meaning
 *     where dom0 is the guest's router
 * @param ip what the toolstack allows or routes
 */
public record Vif(
    String domain,
    int domid,
    int handle,
    String bridge,
    MacAddress mac,
    Optional<String> ip,
    Optional<Rate> rate,
    Optional<String> vifname,
    Optional<VifLine.Vlan> vlan,
    OptionalInt mtu,
    ScriptCall script,
    Position at) {

  /** Whether its script makes dom0 the guest's router, instead of a bridge. */
  public boolean isRouted() {
    return RouterSide.isMadeBy(script);
  }

  /** Whether its guest goes out in dom0's name. */
  public boolean isNatted() {
    return RouterSide.isNattedBy(script);
  }

  /** The name that netback gives the device in dom0, before the script renames it. */
  public String bornAs() {
    return "vif" + domid + "." + handle;
  }

  /** Its name in dom0 once the script has run. */
  public String device() {
    return vifname.orElse(bornAs());
  }
}
