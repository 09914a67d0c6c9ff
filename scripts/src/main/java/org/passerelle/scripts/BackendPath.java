package org.passerelle.scripts;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A vif's directory in XenStore, as the environment has it in XENBUS_PATH.
 *
 * @param path {@code backend/vif/<domid>/<devid>}, perhaps with a domain's directory before
 */
record BackendPath(String path, int domain, int device) {
  private static final Pattern SHAPE =
      Pattern.compile("(?:/local/domain/\\d+/)?backend/vif/(\\d{1,5})/(\\d{1,5})");

  static BackendPath parse(String path) {
    Matcher matcher = SHAPE.matcher(path);
    if (!matcher.matches()) {
      throw new ScriptException(
          "XENBUS_PATH=" + path + " is not backend/vif/<domid>/<devid>: which vif is meant?");
    }
    return new BackendPath(
        path, Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
  }

  /** That of a vif, by the name that its driver gave it. */
  static BackendPath ofVif(String vif) {
    return parse("backend/" + vif.replaceFirst("vif", "vif/").replace('.', '/'));
  }

  /** The vif as the driver calls it. */
  String vif() {
    return "vif" + domain + "." + device;
  }

  String node(String name) {
    return path + "/" + name;
  }

  /** The guest's own directory of this vif: by domain and number, whatever the device is called. */
  String frontend() {
    return "/local/domain/" + domain + "/device/vif/" + device;
  }
}
