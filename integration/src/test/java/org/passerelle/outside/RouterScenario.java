package org.passerelle.outside;

/**
 * Scenarios for vif-route and vif-nat: a dom0 with a way out, or without, and guests with one
 * address, several, one of IPv6, or none.
 */
final class RouterScenario extends ScenarioMaker {

  private RouterScenario(long seed, String script) {
    super(seed, script);
  }

  /** Each script has every other seed. */
  static VifScenario of(long seed) {
    RouterScenario maker = new RouterScenario(seed, seed % 2 == 0 ? "vif-nat" : "vif-route");
    return maker.make();
  }

  private VifScenario make() {
    wayOut("eth0", "192.0.2.10/24", !oneIn(10));
    if (oneIn(2)) {
      wayOut("eth1", "10.9.0.4/8", true);
    }
    boolean tap = oneIn(6);
    addDevice(tap ? VifScenario.VIF + "-emu" : VifScenario.VIF);
    put(
        nodes,
        "ip",
        "",
        "",
        "10.0.0.2",
        "10.0.0.2",
        "192.0.2.77/32",
        "10.0.0.200",
        "10.0.0.2 10.0.1.1",
        "10.0.1.0/24",
        "10.0.0.2 2001:db8::7");
    put(environment, "netdev", "", "", "eth0", "eth1", "nosuch");
    if (oneIn(6)) {
      environment.put("ip", "10.0.3.3");
    }
    commonSettings();
    put(nodes, "frontend-id", "7", "7", "7", "300", "");
    return scenario(tap, "netdev=eth1", "netdev=eth0");
  }

  private void wayOut(String name, String address, boolean up) {
    links.add(
        "link add "
            + name
            + " address 02:00:00:00:03:0"
            + links.size()
            + " type veth peer name w"
            + name);
    links.add("link set w" + name + " address 02:00:00:00:03:0" + links.size());
    links.add("address add " + address + " dev " + name);
    if (up) {
      links.add("link set " + name + " up");
    }
  }
}
