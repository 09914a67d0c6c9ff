package org.passerelle.outside;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A dom0 with bridges and a vif, and one or two calls of vif-bridge in it, made from a seed: what a
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
  private static final String VIF = "vif7.0";

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
  private static final class Maker {
    private final long seed;
    private final Random random;
    private final List<String> links = new ArrayList<>();
    private final Map<String, String> nodes = new TreeMap<>();
    private final Map<String, String> environment = new LinkedHashMap<>();

    Maker(long seed) {
      this.seed = seed;
      this.random = new Random(seed * 0x9E3779B97F4A7C15L);
      // The first draws of similar seeds are similar.
      random.nextLong();
    }

    VifScenario make() {
      bridges();
      boolean tap = oneIn(6);
      String device = tap ? VIF + "-emu" : VIF;
      device(device);
      settings();
      environment.put(tap ? "INTERFACE" : "vif", device);
      environment.put("XENBUS_PATH", "backend/vif/7/0");
      return new VifScenario(seed, links, nodes, environment, calls(tap));
    }

    private boolean oneIn(int count) {
      return random.nextInt(count) == 0;
    }

    @SafeVarargs
    private <T> T anyOf(T... values) {
      return values[random.nextInt(values.length)];
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

    private void device(String name) {
      if (oneIn(12)) {
        return;
      }
      String mac = anyOf("02:00:00:00:00:70", "fe:ff:ff:ff:ff:ff");
      int mtu = anyOf(1500, 1500, 1400);
      links.add(
          ("link add " + name + " mtu " + mtu + " address " + mac + " type veth peer name guest7")
              + (" mtu " + mtu + " address 02:00:00:00:00:71"));
      if (oneIn(3)) {
        links.add("link set " + name + " up");
      }
      if (oneIn(4)) {
        links.add("address add 169.254.7.1/16 dev " + name);
      }
      if (oneIn(6) && links.getFirst().endsWith(" type bridge")) {
        links.add("link set " + name + " master " + links.getFirst().split(" ")[2]);
      }
    }

    private void settings() {
      put(nodes, "bridge", "xenbr0", "xenbr0", "xenbr0", "br-lan", "xenbr3", "nosuch", "");
      put(nodes, "mtu", "", "", "", "1400", "1300", "9000");
      put(nodes, "ip", "", "", "10.0.0.2", "10.0.0.2 10.0.1.0/24");
      put(nodes, "vifname", "", "", "web0", "web0", VIF);
      put(nodes, "mac", "00:16:3e:00:00:07");
      put(nodes, "handle", "0");
      put(environment, "bridge", "", "xenbr0", "br-lan");
      if (oneIn(5)) {
        links.add("link add web0 address 02:00:00:00:02:01 type veth peer name other");
        links.add("link set other address 02:00:00:00:02:02");
        links.add("link set web0 up");
      }
      if (oneIn(2)) {
        nodes.put("hotplug-status", "");
      }
    }

    /** Nothing when the empty one is drawn. */
    private void put(Map<String, String> into, String key, String... values) {
      String value = anyOf(values);
      if (!value.isEmpty()) {
        into.put(key, value);
      }
    }

    private List<List<String>> calls(boolean tap) {
      String attach = tap ? "add" : "online";
      String release = tap ? "remove" : "offline";
      String type = "type_if=" + (tap ? "tap" : "vif");
      List<List<String>> calls = new ArrayList<>();
      switch (random.nextInt(15)) {
        case 0 -> calls.add(words(type, "wrong"));
        case 1 -> calls.add(words("type_if=nic", attach));
        case 2 -> calls.add(words(type, tap ? "online" : "add"));
        case 3, 4, 5 -> calls.add(words(type, release));
        case 6, 7, 8 -> calls.addAll(List.of(words(type, attach), words(type, release)));
        case 9, 10, 11 -> calls.addAll(Collections.nCopies(2, words(type, attach)));
        default -> calls.add(words(type, attach));
      }
      return calls;
    }

    /** In either order, as the originals take them; xend's configuration may name a bridge. */
    private List<String> words(String type, String command) {
      List<String> words = new ArrayList<>(List.of("vif-bridge", command, type));
      if (oneIn(3)) {
        words.add(oneIn(2) ? 1 : words.size(), "bridge=" + anyOf("br-lan", "xenbr0"));
      }
      return words;
    }
  }
}
