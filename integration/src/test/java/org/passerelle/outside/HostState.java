package org.passerelle.outside;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * All that a script might have changed, one fact a line: links, addresses, routes and neighbours as
 * {@code ip -j -d} tells them, nftables' rules, XenStore's nodes. What runs by itself is left out:
 * numbers of devices, timers, what is left of a lifetime, the segment size that a bridge keeps of
 * its last port (br_set_gso_limits, linux/net/bridge/br_if.c), and the queueing discipline, which a
 * device gets when it is up for the first time (dev_activate, linux/net/sched/sch_generic.c).
 */
record HostState(List<String> lines) {
  private static final Set<String> UNSTABLE =
      Set.of("ifindex", "link_index", "fdb_n_learned", "expires", "tso_max_size", "qdisc");

  static HostState of(Dom0 dom0) {
    List<String> lines = new ArrayList<>();
    List<String> told =
        dom0.ipBatch("link", "address", "neighbour show nud permanent", "route show table all")
            .lines()
            .toList();
    lines.addAll(facts("link", told.get(0), HostState::properties));
    lines.addAll(facts("address", told.get(1), HostState::addresses));
    lines.addAll(unordered("neighbour", told.get(2)));
    lines.addAll(unordered("route", told.get(3)));
    lines.addAll(unordered("route", dom0.ip("-6", "-j", "-N", "route", "show", "table", "all")));
    lines.addAll(dom0.command("nft", "list", "ruleset").lines().toList());
    lines.addAll(dom0.storeNodes());
    return new HostState(lines);
  }

  /** The same with more facts. */
  HostState with(List<String> facts) {
    List<String> all = new ArrayList<>(lines);
    all.addAll(facts);
    return new HostState(all);
  }

  private static List<String> unordered(String what, String json) {
    return facts(what, json, List::of).stream().sorted().toList();
  }

  /** A device's properties, each by itself, those of its kind among them. */
  private static List<String> properties(Map<?, ?> device) {
    List<String> properties = new ArrayList<>();
    properties(String.valueOf(device.get("ifname")), stable(device), properties);
    return properties;
  }

  private static void properties(String of, Map<String, Object> values, List<String> into) {
    values.forEach(
        (key, value) -> {
          if (value instanceof Map<?, ?> inner) {
            properties(of + " " + key, stable(inner), into);
          } else {
            into.add(of + " " + key + " = " + value);
          }
        });
  }

  /** A device's addresses, in the kernel's order. */
  private static List<?> addresses(Map<?, ?> device) {
    return ((List<?>) device.get("addr_info"))
        .stream().map(address -> List.of(device.get("ifname"), address)).toList();
  }

  private static List<String> facts(String what, String json, Function<Map<?, ?>, List<?>> parts) {
    LoadSettings settings = LoadSettings.builder().setAllowDuplicateKeys(true).build();
    List<?> all = json.isBlank() ? List.of() : (List<?>) new Load(settings).loadFromString(json);
    return all.stream()
        .map(one -> (Map<?, ?>) one)
        .sorted(Comparator.comparing(one -> String.valueOf(one.get("ifname"))))
        .flatMap(one -> parts.apply(one).stream())
        .map(fact -> what + " " + stable(fact))
        .toList();
  }

  private static Object stable(Object value) {
    return switch (value) {
      case List<?> list -> list.stream().map(HostState::stable).toList();
      case Map<?, ?> map -> stable(map);
      case null -> "null";
      default -> value;
    };
  }

  private static Map<String, Object> stable(Map<?, ?> map) {
    Map<String, Object> kept = new TreeMap<>();
    map.forEach(
        (key, value) -> {
          String name = String.valueOf(key);
          if (!UNSTABLE.contains(name) && !name.endsWith("_timer")) {
            kept.put(name, name.endsWith("_life_time") ? lifetime(value) : stable(value));
          }
        });
    return kept;
  }

  private static Object lifetime(Object seconds) {
    return seconds.equals(4294967295L) ? "forever" : "ends";
  }

  /** What is here and not there (-), and there and not here (+). */
  List<String> differencesFrom(HostState other) {
    List<String> differences = new ArrayList<>();
    without(lines, other.lines).forEach(line -> differences.add("- " + line));
    without(other.lines, lines).forEach(line -> differences.add("+ " + line));
    if (differences.isEmpty() && !lines.equals(other.lines)) {
      differences.add("the same in another order: " + other.lines);
    }
    return differences;
  }

  /** What is left when each of the others is taken once. */
  private static List<String> without(List<String> lines, List<String> others) {
    List<String> left = new ArrayList<>(lines);
    others.forEach(left::remove);
    return left;
  }
}
