package org.passerelle.scripts;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.passerelle.bridge.VifAttachment;
import org.passerelle.link.plan.VifDevice;
import org.passerelle.link.rtnl.Link;
import org.passerelle.vlan.Tagger;
import org.passerelle.vlan.VifTrunk;
import org.passerelle.vlan.VlanGrant;

/**
 * What the toolstack wants of a vif. Of each setting the device's own in XenStore comes before the
 * command line (the same for all vifs, from xend-config.sxp), and that before the environment.
 */
record VifSettings(VifAttachment attachment, Optional<String> vlan) {
  private static final String TAP_SUFFIX = "-emu";
  private static final int LONGEST_NAME = 15;

  static VifSettings read(VifCall call, BackendStore store) {
    return new VifSettings(
        new VifAttachment(
            call.device(), name(call, store), setting(call, store, "bridge"), mtu(call, store)),
        store.read("vlan"));
  }

  /** The device to be released, when there may be no store any more. */
  static VifDevice deviceToRelease(VifRun run, Optional<BackendStore> store) {
    VifCall call = run.call();
    return run.known(
        new VifDevice(
            call.device(),
            store.map(there -> name(call, there)).orElseGet(() -> presentName(call))));
  }

  /** For the release, where the bridge does not matter, nor whether there still is a store. */
  static VifSettings readName(VifRun run) {
    Optional<BackendStore> there = run.store().tolerant();
    return new VifSettings(
        new VifAttachment(
            run.call().device(),
            deviceToRelease(run, there).name(),
            Optional.empty(),
            OptionalInt.empty()),
        there.flatMap(known -> known.read("vlan")));
  }

  /** The device, and the name that it is to have. */
  static VifDevice device(VifCall call, BackendStore store) {
    return new VifDevice(call.device(), name(call, store));
  }

  /** The vif on its VLANs, when it was given some. */
  Optional<VifTrunk> trunk(Supplier<Tagger> tagger) {
    return vlan.map(text -> new VifTrunk(attachment, VlanGrant.parse(text), tagger.get()));
  }

  static Optional<String> setting(VifCall call, BackendStore store, String key) {
    return store
        .read(key)
        .or(() -> Optional.of(call.valueOf(key)).filter(value -> !value.isEmpty()));
  }

  private static Optional<String> name(VifCall call, BackendStore store) {
    Optional<String> name =
        presentName(call)
            .or(
                () ->
                    store.read("vifname").map(plain -> call.isVif() ? plain : plain + TAP_SUFFIX));
    name.filter(wanted -> wanted.length() > LONGEST_NAME)
        .ifPresent(
            wanted -> {
              throw new ScriptException(
                  "vifname: " + wanted + " is longer than the kernel's " + LONGEST_NAME);
            });
    name.filter(wanted -> !Link.isValidName(wanted))
        .ifPresent(
            wanted -> {
              throw new ScriptException(
                  "vifname="
                      + wanted.replaceAll("[^ -~]", "?")
                      + " cannot be a device's name: no blanks, /, : and %");
            });
    return name;
  }

  /** One that is called otherwise than the driver called it was renamed, and stays so. */
  private static Optional<String> presentName(VifCall call) {
    return Optional.of(call.given()).filter(given -> !given.equals(call.device()));
  }

  private static OptionalInt mtu(VifCall call, BackendStore store) {
    Optional<String> text = store.read("mtu");
    if (text.isEmpty()) {
      return OptionalInt.empty();
    }
    if (!text.get().matches("[1-9]\\d{1,4}")) {
      throw new ScriptException(
          call.backend().node("mtu") + ": " + text.get() + " is not a number of octets");
    }
    return OptionalInt.of(Integer.parseInt(text.get()));
  }
}
