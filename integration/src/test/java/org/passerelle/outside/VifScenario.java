package org.passerelle.outside;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A dom0 with a vif, and one or two calls of a vif's script in it, made from a seed: what a
 * toolstack asks for in earnest, and by mistake.
 *
 * @param links commands of ip that make the state before
 * @param nodes XenStore's, below the backend's directory
 * @param environment beside XENBUS_PATH
 * @param calls the words of each call
 */
record VifScenario(
    long seed,
    List<String> links,
    Map<String, String> nodes,
    Map<String, String> environment,
    List<List<String>> calls) {
  static final String BACKEND = "/local/domain/0/backend/vif/7/0";
  private static final String FRONTEND = "/local/domain/7/device/vif/0";
  static final String VIF = "vif7.0";

  /** A vif that cannot be attached is not released too when it is in another bridge. */
  static VifScenario of(long seed) {
    VifScenario made = new Maker(seed).make();
    boolean elsewhere = made.attaches(0) && !made.canAttach(0) && !made.master().isEmpty();
    return elsewhere ? made.withFirstCallOnly() : made;
  }

  /** Makes the state before in an empty dom0. */
  void prepare(Dom0 dom0) {
    links.forEach(link -> dom0.ip(link.split(" ")));
    nodes.forEach((name, value) -> dom0.store().write(BACKEND + "/" + name, value));
    dom0.store().write(FRONTEND + "/backend-id", "0");
    environment.forEach(dom0::setenv);
  }

  VifScenario with(String node, String value) {
    Map<String, String> changed = new TreeMap<>(nodes);
    changed.put(node, value);
    return new VifScenario(seed, links, changed, environment, calls);
  }

  VifScenario without(String node) {
    Map<String, String> changed = new TreeMap<>(nodes);
    changed.remove(node);
    return new VifScenario(seed, links, changed, environment, calls);
  }

  /** Without one of the commands that make the state before. */
  VifScenario withoutLink(String command) {
    List<String> others = links.stream().filter(link -> !link.equals(command)).toList();
    return new VifScenario(seed, others, nodes, environment, calls);
  }

  VifScenario withFirstCallOnly() {
    return new VifScenario(seed, links, nodes, environment, calls.subList(0, 1));
  }

  /** What the backend called it. */
  String device() {
    return environment.getOrDefault("INTERFACE", VIF);
  }

  boolean hasDevice() {
    return hasLink(device());
  }

  boolean isNamed() {
    return nodes.containsKey("vifname");
  }

  /** What it is to be called. */
  String name() {
    return isNamed() ? nodes.get("vifname") + device().substring(VIF.length()) : device();
  }

  boolean isNameTaken() {
    return !name().equals(device()) && hasLink(name());
  }

  /** Somebody else's device has the name that the vif is to have. */
  boolean hasStranger() {
    return isNamed() && hasLink("web0") && name().equals("web0");
  }

  boolean hasLink(String name) {
    return links.stream().anyMatch(link -> link.startsWith("link add " + name + " "));
  }

  boolean attaches(int call) {
    return isCall(call, environment.containsKey("INTERFACE") ? "add" : "online");
  }

  boolean releases(int call) {
    return isCall(call, environment.containsKey("INTERFACE") ? "remove" : "offline");
  }

  /** A call of a type that is not there does nothing. */
  private boolean isCall(int call, String command) {
    return call < calls.size()
        && calls.get(call).contains(command)
        && !calls.get(call).contains("type_if=nic");
  }

  /** Whether a call names the bridge by any of the three ways. */
  boolean isBridgeNamed(int call) {
    return !named(call).isEmpty();
  }

  /** XenStore before the command line before the environment. */
  private String named(int call) {
    String argument =
        calls.get(call).stream()
            .filter(word -> word.startsWith("bridge="))
            .map(word -> word.substring("bridge=".length()))
            .findFirst()
            .orElse(environment.getOrDefault("bridge", ""));
    return nodes.getOrDefault("bridge", argument);
  }

  /** The bridge that the call means; one that is not there when there is none. */
  String bridge(int call) {
    String named = named(call);
    return named.equals("xenbr3") && hasLink("eth3") ? "eth3" : named;
  }

  /** The first of the host's bridges; empty without one. */
  String anyBridge() {
    return links.stream()
        .filter(link -> link.endsWith(" type bridge"))
        .map(link -> link.split(" ")[2])
        .sorted()
        .findFirst()
        .orElse("");
  }

  /** Whether the original can do what the call asks for. */
  boolean canAttach(int call) {
    return attaches(call) && hasDevice() && !isNameTaken() && hasLink(bridge(call));
  }

  /** The bridge that the vif is in before the last call; empty for none. */
  String master() {
    if (calls.size() == 2 && canAttach(0)) {
      return bridge(0);
    }
    String set = "link set " + device() + " master ";
    return links.stream()
        .filter(link -> link.startsWith(set))
        .map(link -> link.substring(set.length()))
        .findFirst()
        .orElse("");
  }

  int last() {
    return calls.size() - 1;
  }

  /** Picks each part by weight: most of the times what is usual. */
  private static final class Maker extends ScenarioMaker {

    Maker(long seed) {
      super(seed, "vif-bridge");
    }

    VifScenario make() {
      bridges();
      boolean tap = oneIn(6);
      device(tap);
      settings();
      return scenario(tap, "bridge=br-lan", "bridge=xenbr0");
    }

    private void bridges() {
      if (!oneIn(12)) {
        bridge("xenbr0", anyOf(1500, 1500, 1400, 9000));
      }
      if (oneIn(3)) {
        bridge("br-lan", anyOf(1500, 1400));
      }
      if (oneIn(4)) {
        bridge("eth3", 1500);
      }
    }

    private void bridge(String name, int mtu) {
      String mac = String.format("02:00:00:00:01:%02x", links.size());
      links.add("link add " + name + " mtu " + mtu + " address " + mac + " type bridge");
      if (!oneIn(5)) {
        links.add("link set " + name + " up");
      }
    }

    private void device(boolean tap) {
      String name = tap ? VIF + "-emu" : VIF;
      if (addDevice(name) && oneIn(6) && links.getFirst().endsWith(" type bridge")) {
        links.add("link set " + name + " master " + links.getFirst().split(" ")[2]);
      }
    }

    private void settings() {
      put(nodes, "bridge", "xenbr0", "xenbr0", "xenbr0", "br-lan", "xenbr3", "nosuch", "");
      put(nodes, "mtu", "", "", "", "1400", "1300", "9000");
      put(nodes, "ip", "", "", "10.0.0.2", "10.0.0.2 10.0.1.0/24");
      put(environment, "bridge", "", "xenbr0", "br-lan");
      commonSettings();
    }
  }
}
