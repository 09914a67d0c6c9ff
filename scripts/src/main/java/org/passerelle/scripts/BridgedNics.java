package org.passerelle.scripts;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.passerelle.bridge.BridgedNic;
import org.passerelle.bridge.DefaultDevice;
import org.passerelle.bridge.KeepNames;
import org.passerelle.bridge.NetloopNames;
import org.passerelle.bridge.NicMark;
import org.passerelle.bridge.RenameNames;
import org.passerelle.link.plan.Host;
import org.passerelle.link.rtnl.Link;

/** What {@code network-bridge}'s arguments mean on a host. */
final class BridgedNics {
  private static final int MOST_PAIRS = 256;
  private static final List<String> SEVERAL = List.of("netdev", "bridge", "vifnum");
  private static final String NETLOOP = "netloop";
  private static final String RENAME = "rename";
  private static final String KEEP = "keep";

  private final ScriptArguments arguments;
  private final Host host;

  private BridgedNics(ScriptArguments arguments, Host host) {
    this.arguments = arguments;
    this.host = host;
  }

  /**
   * The NICs and their bridges, each of which says itself, when it is there, how it was made; none
   * where there is to be no bridge.
   */
  static List<BridgedNic> of(ScriptArguments arguments, Host host) {
    List<BridgedNic> nics =
        each(arguments).stream()
            .filter(one -> !NetworkScript.isWithoutBridge(one))
            .map(one -> new BridgedNics(one, host).one())
            .toList();
    requireDifferent(nics);
    return nics;
  }

  /** For each NIC the arguments that it would have alone. */
  private static List<ScriptArguments> each(ScriptArguments arguments) {
    int count = SEVERAL.stream().mapToInt(key -> arguments.several(key).size()).max().orElse(0);
    return count < 2
        ? List.of(arguments)
        : IntStream.range(0, count).mapToObj(number -> alone(arguments, number, count)).toList();
  }

  private static ScriptArguments alone(ScriptArguments arguments, int number, int count) {
    ScriptArguments alone = arguments;
    for (String key : SEVERAL) {
      List<String> words = arguments.several(key);
      if (!words.isEmpty() && words.size() != count) {
        throw new ScriptException(
            key
                + "="
                + arguments.values().get(key)
                + ": for "
                + count
                + " NICs, give as many words or none");
      }
      alone = alone.with(key, words.isEmpty() ? "" : words.get(number));
    }
    Optional<String> bridge = alone.value("bridge");
    String named = alone.value("netdev").or(() -> bridge).orElse("");
    return alone.value("vifnum").isPresent()
        ? alone
        : alone.with("vifnum", Integer.toString(lastDigits(named)));
  }

  private static void requireDifferent(List<BridgedNic> nics) {
    Set<String> names = new HashSet<>();
    for (BridgedNic nic : nics) {
      for (String name : nic.names()) {
        if (!names.add(name)) {
          throw new ScriptException(
              "two of the NICs would need the name "
                  + name
                  + "; tell them apart with netdev=, bridge= and vifnum=, a word for each");
        }
      }
    }
  }

  /** A bridge that we made in a NIC's place, and the NIC. */
  private record Made(NicMark mark, String bridge, String nic) {
    static Stream<Made> of(Link bridge) {
      return Stream.of(NicMark.values())
          .flatMap(
              mark -> mark.nicOf(bridge).map(nic -> new Made(mark, bridge.name(), nic)).stream());
    }

    String generation() {
      return mark == NicMark.KEEP ? KEEP : RENAME;
    }
  }

  private BridgedNic one() {
    NetloopNames names = names();
    Optional<Made> made = made(names);
    String nic =
        made.filter(one -> arguments.value("netdev").isEmpty())
            .map(Made::nic)
            .orElse(names.netdev());
    return switch (arguments
        .value("generation")
        .orElse(made.map(Made::generation).orElse(NETLOOP))) {
      case NETLOOP -> names;
      case KEEP -> new KeepNames(bridge(made, NicMark.KEEP, names.bridge()), nic);
      case RENAME -> new RenameNames(bridge(made, NicMark.RENAME, nic), nic);
      case String other ->
          throw new ScriptException(
              "generation="
                  + other
                  + " is not known; there are "
                  + String.join(", ", NETLOOP, RENAME, KEEP));
    };
  }

  private String bridge(Optional<Made> made, NicMark mark, String usual) {
    return arguments
        .value("bridge")
        .or(() -> made.filter(one -> one.mark() == mark).map(Made::bridge))
        .orElse(usual);
  }

  /**
   * By the bridge that was asked for; else by the NIC's name, which the bridge may have now, or the
   * usual one, or the one that has the default route.
   */
  private Optional<Made> made(NetloopNames names) {
    Stream<String> candidates =
        arguments.value("bridge").isPresent()
            ? Stream.of(names.bridge())
            : Stream.concat(
                Stream.of(names.netdev(), names.bridge()), DefaultDevice.of(host).stream());
    return candidates.flatMap(name -> host.link(name).stream()).flatMap(Made::of).findFirst();
  }

  private NetloopNames names() {
    Optional<String> outside = DefaultDevice.of(host);
    int number = arguments.number("vifnum", outside.map(BridgedNics::lastDigits).orElse(0), 9999);
    String usual =
        arguments.value("vifnum").isPresent() ? "eth" + number : outside.orElse("eth" + number);
    String bridge = arguments.value("bridge").orElse("xenbr" + number);
    int pairs = arguments.number("pairs", 1, MOST_PAIRS);
    String netdev =
        arguments
            .value("netdev")
            .or(() -> new NetloopNames(number, bridge, usual, pairs).dom0Behind(host))
            .orElse(usual);
    return new NetloopNames(number, bridge, nicOf(host, netdev), pairs);
  }

  /** eth1 is 1, enp3s0 is 0, eth0.100 is 100; more than three digits are no number of a NIC. */
  static int lastDigits(String device) {
    int start = device.length();
    while (start > 0 && Character.isDigit(device.charAt(start - 1))) {
      start--;
    }
    String digits = device.substring(start);
    return digits.isEmpty() || digits.length() > 3 ? 0 : Integer.parseInt(digits);
  }

  /** An alternative name stays with the NIC when it is called peth0. */
  static String nicOf(Host host, String netdev) {
    String name = host.link(netdev).map(Link::name).orElse(netdev);
    boolean physical =
        !name.equals(netdev) && name.startsWith("p") && host.link(name.substring(1)).isPresent();
    return physical ? name.substring(1) : name;
  }
}
