package org.passerelle.outside;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Makes scenarios for a vif's script: what is the same for all of them. */
abstract class ScenarioMaker {
  final List<String> links = new ArrayList<>();
  final Map<String, String> nodes = new TreeMap<>();
  final Map<String, String> environment = new LinkedHashMap<>();
  private final long seed;
  private final String script;
  private final Random random;

  ScenarioMaker(long seed, String script) {
    this.seed = seed;
    this.script = script;
    this.random = new Random(seed * 0x9E3779B97F4A7C15L);
    // The first draws of similar seeds are similar.
    random.nextLong();
  }

  /**
   * The scenario of what was made.
   *
   * @param arguments of which one is given in some calls
   */
  VifScenario scenario(boolean tap, String... arguments) {
    environment.put(tap ? "INTERFACE" : "vif", tap ? VifScenario.VIF + "-emu" : VifScenario.VIF);
    environment.put("XENBUS_PATH", "backend/vif/7/0");
    return new VifScenario(seed, links, nodes, environment, calls(tap, arguments));
  }

  boolean oneIn(int count) {
    return random.nextInt(count) == 0;
  }

  @SafeVarargs
  final <T> T anyOf(T... values) {
    return values[random.nextInt(values.length)];
  }

  /** Nothing when the empty one is drawn. */
  void put(Map<String, String> into, String key, String... values) {
    String value = anyOf(values);
    if (!value.isEmpty()) {
      into.put(key, value);
    }
  }

  /** The vif, or not; true when it is there. */
  boolean addDevice(String name) {
    if (oneIn(12)) {
      return false;
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
    return true;
  }

  /** What a toolstack sets for all kinds of vifs; its name may be somebody else's. */
  void commonSettings() {
    put(nodes, "vifname", "", "", "web0", "web0", VifScenario.VIF);
    put(nodes, "mac", "00:16:3e:00:00:07");
    put(nodes, "handle", "0");
    if (oneIn(5)) {
      links.add("link add web0 address 02:00:00:00:02:01 type veth peer name other");
      links.add("link set other address 02:00:00:00:02:02");
      links.add("link set web0 up");
    }
    if (oneIn(2)) {
      nodes.put("hotplug-status", "");
    }
  }

  private List<List<String>> calls(boolean tap, String... arguments) {
    String attach = tap ? "add" : "online";
    String release = tap ? "remove" : "offline";
    String type = "type_if=" + (tap ? "tap" : "vif");
    List<List<String>> calls = new ArrayList<>();
    switch (random.nextInt(15)) {
      case 0 -> calls.add(words(type, "wrong", arguments));
      case 1 -> calls.add(words("type_if=nic", attach, arguments));
      case 2 -> calls.add(words(type, tap ? "online" : "add", arguments));
      case 3, 4, 5 -> calls.add(words(type, release, arguments));
      case 6, 7, 8 ->
          calls.addAll(List.of(words(type, attach, arguments), words(type, release, arguments)));
      case 9, 10, 11 -> calls.addAll(Collections.nCopies(2, words(type, attach, arguments)));
      default -> calls.add(words(type, attach, arguments));
    }
    return calls;
  }

  /** In either order, as the originals take them. */
  private List<String> words(String type, String command, String... arguments) {
    List<String> words = new ArrayList<>(List.of(script, command, type));
    if (oneIn(3)) {
      words.add(oneIn(2) ? 1 : words.size(), anyOf(arguments));
    }
    return words;
  }
}
