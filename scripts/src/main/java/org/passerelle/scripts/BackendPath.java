package org.passerelle.scripts;

import org.passerelle.link.list.Words;

/**
 * A vif's directory in XenStore, as the environment has it in XENBUS_PATH.
 *
 * @param path {@code backend/vif/<domid>/<devid>}, perhaps with a domain's directory before
 */
record BackendPath(String path, int domain, int device) {
  private static final String DOMAIN = "/local/domain/";
  private static final String BACKEND = "backend/vif/";
  private static final int DIGITS = 5;

  static BackendPath parse(String path) {
    String own = withoutDomain(path);
    if (own.startsWith(BACKEND)) {
      String[] ids = own.substring(BACKEND.length()).split("/", -1);
      if (ids.length == 2 && Words.isNumber(ids[0], DIGITS) && Words.isNumber(ids[1], DIGITS)) {
        return new BackendPath(path, Integer.parseInt(ids[0]), Integer.parseInt(ids[1]));
      }
    }
    throw new ScriptException(
        "XENBUS_PATH=" + path + " is not backend/vif/<domid>/<devid>: which vif is meant?");
  }

  private static String withoutDomain(String path) {
    int start = DOMAIN.length();
    int end = path.startsWith(DOMAIN) ? Words.digits(path, start) : start;
    return end > start && path.startsWith("/", end) ? path.substring(end + 1) : path;
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
