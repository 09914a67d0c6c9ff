package org.passerelle.scripts;

import java.util.Optional;
import org.passerelle.natroute.GuestServices;
import org.passerelle.vlan.Tagger;

/**
 * What is asked for a vif: by its script's call or its node in XenStore, and where these say
 * nothing by the host's network script or its kernel.
 */
record VifPolicy(String script, ScriptContext context, VifCall call, BackendStore store) {

  private String networkScript() {
    return "network-" + script.substring("vif-".length());
  }

  private Optional<String> own(String key) {
    return VifSettings.setting(call, store, key);
  }

  /** What the guest may reach of dom0; empty: everything. */
  Optional<GuestServices> services() {
    return own(HostServices.KEY)
        .or(() -> new HostServices(context.runDirectory()).of(networkScript()))
        .flatMap(GuestServices::parse);
  }

  /** Whether the guest is to send from its own addresses only. */
  boolean isGuarded() {
    return own(HostAntispoof.KEY)
        .map(word -> ScriptArguments.isYes(HostAntispoof.KEY, word))
        .orElseGet(() -> new HostAntispoof(context.runDirectory()).isWanted());
  }

  /** Who tags for it. */
  Tagger tagger() {
    return Switching.tagger(own(Switching.KEY), () -> context.kernel().makesVlans());
  }
}
