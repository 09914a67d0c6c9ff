package org.passerelle.scripts;

import java.util.List;

/**
 * What is to be done about a DHCP client that no configuration is known to have started.
 *
 * @param from the device that it asks on
 * @param to the device that it is to ask on
 */
record ClientAdvice(String from, String to) {
  /** The NIC, and the guests' devices, which it would ask on as well. */
  private static final String DENIED = "denyinterfaces %s vif*";

  static List<String> dhclient(String what, String then, String device) {
    return List.of(
        "dhclient " + what + ".",
        "End the one that runs (with kill: dhclient -r or -x may cut dom0 off),",
        "and " + then + ": dhclient " + device);
  }

  /** It looks its device up by name whenever it asks. */
  static List<String> goesOn(LeaseKeeper keeper, String device) {
    return List.of(keeper.title() + " renews it, and goes on with " + device + " by itself.");
  }

  List<String> udhcpc() {
    return List.of(
        "udhcpc renews it, in vain on " + from + ". End the one that runs (with kill -KILL: after",
        "-R it gives the lease back otherwise), and have this started in its place, now",
        "and at boot: udhcpc -b -i " + to,
        udhcpcEmpties(to));
  }

  static String udhcpcEmpties(String device) {
    return "(It takes all of IPv4 off " + device + " first: dom0 is away until the answer.)";
  }

  List<String> dhcpcd() {
    return List.of(
        dhcpcdGoesOn(),
        "Have it serve " + to + " in place of " + from + ", now and at boot:",
        "    dhcpcd -x " + from,
        "    ip -4 addr flush dev " + from,
        "    dhcpcd -q " + to,
        bySystemd("last"));
  }

  /** In place of the first and of another of the commands. */
  private String bySystemd(String other) {
    return "By systemd: disable --now dhcpcd@%s for the first, enable --now dhcpcd@%s for the %s."
        .formatted(from, to, other);
  }

  /** To be followed before the lease is over. */
  String dhcpcdGoesOn() {
    return "dhcpcd renews it, and gives it to "
        + from
        + " again; "
        + to
        + " loses it when the lease is over.";
  }

  List<String> dhcpcdManager() {
    return List.of(
        dhcpcdGoesOn(),
        "At the beginning of /etc/dhcpcd.conf:",
        DENIED.formatted(from),
        "and at its end, with what is said of " + from + " there:",
        "interface " + to,
        "Then:",
        "    service dhcpcd restart",
        "    ip -4 addr flush dev " + from);
  }

  List<String> dhcpcdBack() {
    return List.of(
        "dhcpcd renews it. Have it serve " + to + " again, now and at boot:",
        "    dhcpcd -x " + from,
        "    dhcpcd -q " + to,
        bySystemd("other"));
  }

  List<String> dhcpcdManagerBack() {
    return List.of(
        "dhcpcd renews it. In /etc/dhcpcd.conf, take these out:",
        DENIED.formatted(to),
        "interface " + from,
        "Then:",
        "    service dhcpcd restart");
  }
}
