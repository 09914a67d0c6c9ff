package org.passerelle.scripts;

import java.util.List;
import org.passerelle.bridge.DefaultDevice;
import org.passerelle.link.list.Lists;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.VifDevice;
import org.passerelle.link.rtnl.Link;

/**
 * Whether the device that a call names is the vif of its directory: what a script does to a vif
 * takes any other device off the network. The name says so, {@code vif<domid>.<devid>}; of a vif
 * that was renamed, and udev may name it so, the alias or {@code vifname}.
 */
record GivenDevice(VifCall call, BackendStore store, Host host) {
  private static final String VIF = "vif\\d+\\.\\d+(-emu)?";

  /** Throws ScriptException when it is not. */
  void check() {
    String given = call.given();
    if (!call.isVif()) {
      checkPath(given);
    } else if (given.equals(call.device())) {
      checkPair(given);
    } else if (given.matches(VIF)) {
      throw disagreement(given);
    } else if (!isRenamed(given) && !isVifname(given) && !isGone(given)) {
      throw new ScriptException(
          "vif=%s: that is %s, and not the vif of %s, so nothing is done to it; pass vif=%s"
              .formatted(given, what(given), call.backend().path(), call.device()));
    }
  }

  /** A tap's name says which vif's it is; the environment may say so, too. */
  private void checkPath(String given) {
    String path = call.valueOf("XENBUS_PATH");
    if (!path.isEmpty() && !BackendPath.parse(path).vif().equals(call.backend().vif())) {
      throw disagreement(given);
    }
  }

  private ScriptException disagreement(String given) {
    String path = call.valueOf("XENBUS_PATH");
    return new ScriptException(
        "%s and XENBUS_PATH=%s are not of one vif: that directory is %s's; nothing is done"
            .formatted(given, path, BackendPath.parse(path).vif()));
  }

  /** dom0's own way to its bridge is called as a vif of domain 0 is; its other end is here. */
  private void checkPair(String given) {
    if (call.backend().domain() == 0) {
      VifDevice.exactly(host, given)
          .flatMap(host::peer)
          .ifPresent(
              peer -> {
                throw new ScriptException(
                    "vif=%s: that is dom0's own, with %s one pair, and no guest's vif; pass the"
                            .formatted(given, peer.name())
                        + " guest's, as vif=vif7.0 with XENBUS_PATH=backend/vif/7/0");
              });
    }
  }

  private boolean isRenamed(String given) {
    return VifDevice.exactly(host, given)
        .filter(link -> link.alias().equals(call.device()))
        .isPresent();
  }

  /** What only happens to be called so is left alone afterwards, by its alias. */
  private boolean isVifname(String given) {
    return store
        .tolerant()
        .flatMap(there -> there.read("vifname"))
        .filter(given::equals)
        .isPresent();
  }

  /** udev may come when link and directory are gone: nothing is there to be mistaken for it. */
  private boolean isGone(String given) {
    return !call.isAttaching()
        && !Lists.any(
            Lists.flatMap(host.links(), link -> List.of(link.name(), link.alias())),
            List.of(given, call.device())::contains);
  }

  private String what(String given) {
    return VifDevice.exactly(host, given).map(this::what).orElse("no device of this host");
  }

  private String what(Link link) {
    if (DefaultDevice.of(host).filter(link.name()::equals).isPresent()) {
      return "dom0's way outside (the default route's device)";
    }
    return link.kind().isEmpty() ? "a device of dom0's own" : "a device of kind " + link.kind();
  }
}
