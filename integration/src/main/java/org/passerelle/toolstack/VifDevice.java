package org.passerelle.toolstack;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.link.wire.MacAddress;

/**
 * A vif as the toolstack was asked for it.
 *
 * @param ip what the toolstack allows or routes
 * @param rate {@code bytes,microseconds}
 * @param vlan the VLANs that it may use, as xl writes them
 * @param script the hotplug script's name
 * @param arguments what the host's configuration adds to the script's command line
 */
public record VifDevice(
    DomainId domain,
    String domainName,
    int handle,
    MacAddress mac,
    String bridge,
    Optional<String> ip,
    Optional<String> rate,
    Optional<String> vifname,
    Optional<String> vlan,
    OptionalInt mtu,
    String script,
    List<String> arguments) {

  /** Relative to dom0's directory, as the scripts get it in XENBUS_PATH. */
  public String backendPath() {
    return backendsPath() + "/" + handle;
  }

  /** The directory of all backends of the domain's vifs. */
  String backendsPath() {
    return "backend/vif/" + domain.value();
  }

  /** The frontend's directory. */
  public String frontendPath() {
    return "/local/domain/" + domain.value() + "/device/vif/" + handle;
  }

  /** The name that netback gives the device. */
  public String bornAs() {
    return "vif" + domain.value() + "." + handle;
  }
}
