package org.passerelle.natroute;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.plan.PlanSteps;
import org.passerelle.link.plan.RefusedException;
import org.passerelle.link.plan.SetEntry;
import org.passerelle.link.plan.SetTable;
import org.passerelle.link.plan.VifDevice;
import org.passerelle.link.rtnl.TableEntry;

/**
 * What a guest reaches of dom0 itself where dom0 is its router: {@code services=tcp:22,udp:53}, or
 * {@code none}. Beside these dom0 hears echo requests, neighbour discovery, DHCP's questions, and
 * what belongs to a connection that is there already, as answers to dom0's own do; whatever passes
 * through dom0 to others is not concerned. The rules are of our table and never change: a guest is
 * an entry in its set {@code guests}, and each of its services one in {@code services}.
 */
public record GuestServices(List<Service> all) {
  /** A guest may reach everything: what one of its own says where the host says otherwise. */
  public static final String ANY = "any";

  private static final String NONE = "none";
  private static final String GUESTS = "guests";
  private static final String SERVICES = "services";
  private static final Pattern SHAPE = Pattern.compile("(tcp|udp):(\\d{1,5})");
  private static final int MOST = 65535;

  public GuestServices {
    all = List.copyOf(all);
  }

  /** A port of dom0's. */
  public record Service(String protocol, int port) {}

  /**
   * With blanks or commas between; empty for {@code any}. Throws RefusedException for what is no
   * service.
   */
  public static Optional<GuestServices> parse(String text) {
    if (text.equals(ANY)) {
      return Optional.empty();
    }
    return Optional.of(
        text.equals(NONE)
            ? new GuestServices(List.of())
            : new GuestServices(
                Arrays.stream(text.split("[\\s,]+"))
                    .filter(word -> !word.isEmpty())
                    .map(GuestServices::service)
                    .distinct()
                    .toList()));
  }

  private static Service service(String text) {
    Matcher matcher = SHAPE.matcher(text);
    int port = matcher.matches() ? Integer.parseInt(matcher.group(2)) : 0;
    if (port == 0 || port > MOST) {
      throw new RefusedException(
          "services="
              + text.replaceAll("[^!-~]", "?")
              + " is not PROTOCOL:PORT, for example tcp:22; none and any stand alone");
    }
    return new Service(matcher.group(1), port);
  }

  /**
   * Plans that a vif's guest reaches these alone, under the name that it is attached by; empty when
   * it is so.
   *
   * @param wanted empty: it may reach everything
   */
  public static Plan attach(Host host, VifDevice vif, Optional<GuestServices> wanted) {
    Optional<List<TableEntry>> there = host.table();
    List<TableEntry> entries = wanted.map(services -> services.entries(vif)).orElseGet(List::of);
    PlanSteps steps = new PlanSteps(host);
    if (there.isEmpty() && !entries.isEmpty()) {
      steps.add(new SetTable(true), "a table of our own: nobody else's rules are touched");
    }
    List<TableEntry> left = own(there, vif).filter(entry -> !entries.contains(entry)).toList();
    left.forEach(entry -> steps.add(new SetEntry(entry, false), "it is not so any more"));
    entries.stream()
        .filter(entry -> !there.orElseGet(List::of).contains(entry))
        .forEach(entry -> steps.add(new SetEntry(entry, true), reason(entry)));
    if (entries.isEmpty()) {
      removeTable(steps, there, left);
    }
    return steps.build();
  }

  /** Plans that nothing is left of a vif. */
  public static Plan detach(Host host, VifDevice vif) {
    return attach(host, vif, Optional.empty());
  }

  /** Whether what comes from a device is limited, by what is in our table. */
  public static boolean isLimited(List<TableEntry> table, String device) {
    return table.stream()
        .anyMatch(entry -> entry.set().equals(GUESTS) && entry.key().equals(List.of(device)));
  }

  /** Whether the table is there for such entries alone. */
  static boolean areAll(List<TableEntry> entries) {
    return !entries.isEmpty() && entries.stream().allMatch(GuestServices::isOne);
  }

  private static boolean isOne(TableEntry entry) {
    return entry.set().equals(GUESTS) || entry.set().equals(SERVICES);
  }

  private static void removeTable(
      PlanSteps steps, Optional<List<TableEntry>> there, List<TableEntry> left) {
    if (!left.isEmpty() && left.size() == there.orElseThrow().size()) {
      steps.add(new SetTable(false), "nothing is left in it");
    }
  }

  private static String reason(TableEntry entry) {
    return entry.set().equals(GUESTS)
        ? "the guest reaches nothing of dom0's but what is named"
        : "this it reaches";
  }

  /** What is there for the vif, or for another one that had its name. */
  private static Stream<TableEntry> own(Optional<List<TableEntry>> there, VifDevice vif) {
    return there.stream()
        .flatMap(List::stream)
        .filter(GuestServices::isOne)
        .filter(
            entry ->
                entry.owner().equals(vif.device())
                    || entry.key().getFirst().equals(vif.attachedName()));
  }

  private List<TableEntry> entries(VifDevice vif) {
    String named = vif.attachedName();
    if (!named.matches("[A-Za-z0-9._-]*[A-Za-z._-][A-Za-z0-9._-]*")) {
      throw new RefusedException("services=: nftables cannot be told of a device called " + named);
    }
    List<TableEntry> entries = new ArrayList<>();
    entries.add(new TableEntry(GUESTS, List.of(named), List.of(), vif.device()));
    for (Service one : all) {
      List<String> key = List.of(named, one.protocol(), Integer.toString(one.port()));
      entries.add(new TableEntry(SERVICES, key, List.of(), vif.device()));
    }
    return entries;
  }
}
