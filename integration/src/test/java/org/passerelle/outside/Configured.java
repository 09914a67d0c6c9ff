package org.passerelle.outside;

/** Configurations of dom0 in which a script has much to do. */
final class Configured {
  static final String VIF_NAME = "web0";

  private static final String BACKEND = "/local/domain/0/backend/vif/7/0";
  private static final String FRONTEND = "/local/domain/7/device/vif/0";

  private Configured() {}

  /** Both families, secondary addresses, a label, lifetimes, routes of several sorts. */
  static void network(Dom0 dom0) {
    each(
        dom0,
        "address add 192.0.2.10/24 broadcast 192.0.2.255 dev eth0",
        "address add 192.0.2.11/24 dev eth0",
        "address add 198.51.100.5/24 dev eth0 label eth0:b",
        "address add 203.0.113.4/25 dev eth0 valid_lft 30000 preferred_lft 20000",
        "address add 2001:db8::10/64 dev eth0",
        "route add default via 192.0.2.1",
        "route add 10.9.0.0/16 dev eth0 scope link metric 77",
        "route add 10.7.0.0/16 via 192.0.2.1 table 100",
        "neighbour add 192.0.2.200 lladdr 02:00:00:00:00:aa dev eth0 nud permanent");
    awaitDetection(dom0);
    each(dom0, "-6 route add default via 2001:db8::1");
  }

  private static void each(Dom0 dom0, String... commands) {
    for (String command : commands) {
      dom0.ip(command.split(" "));
    }
  }

  /** IPv6's duplicate detection takes a second or two. */
  private static void awaitDetection(Dom0 dom0) {
    while (dom0.ip("-6", "address", "show", "dev", "eth0").contains("tentative")) {
      Patience.pause();
    }
  }

  static void bridge(Dom0 dom0) {
    each(dom0, "link add xenbr0 address 02:00:00:00:00:ff type bridge");
  }

  /** A vif as the backend makes it, with an address that some daemon gave it, and its nodes. */
  static void vif(Dom0 dom0) {
    each(
        dom0,
        "link add vif7.0 address 02:00:00:00:00:70 type veth"
            + " peer name guest7 address 02:00:00:00:00:71",
        "address add 169.254.7.1/16 dev vif7.0");
    dom0.store().remove("/local");
    dom0.store().write(BACKEND + "/bridge", "xenbr0");
    dom0.store().write(BACKEND + "/vifname", VIF_NAME);
    dom0.store().write(BACKEND + "/mtu", "1400");
    dom0.store().write(FRONTEND + "/backend-id", "0");
    dom0.setenv("XENBUS_PATH", "backend/vif/7/0");
    dom0.setenv("vif", "vif7.0");
  }
}
