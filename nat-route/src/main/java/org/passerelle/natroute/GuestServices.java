package org.passerelle.natroute;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.passerelle.link.list.Lists;
import org.passerelle.link.list.Words;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.plan.PlanSteps;
import org.passerelle.link.plan.RefusedException;
import org.passerelle.link.plan.SetEntry;
import org.passerelle.link.plan.SetTable;
import org.passerelle.link.plan.VifDevice;
import org.passerelle.link.rtnl.TableEntry;
import org.passerelle.link.rtnl.TableKey;

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
    if (text.equals(NONE)) {
      return Optional.of(new GuestServices(List.of()));
    }
    List<String> words = Words.split(text, Words.BLANKS + ",");
    return Optional.of(new GuestServices(Lists.distinct(Lists.map(words, GuestServices::service))));
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
   * @param known where the filter may have entries of the vif's; empty when nobody knows
   * @param last whether no other guest is limited
   */
  public static Plan attach(
      Host host,
      VifDevice vif,
      Optional<GuestServices> wanted,
      Optional<List<TableKey>> known,
      boolean last) {
    List<TableEntry> entries = wanted.map(services -> services.entries(vif)).orElseGet(List::of);
    List<TableEntry> there = own(host, vif, entries, known);
    PlanSteps steps = new PlanSteps(host);
    if (!entries.isEmpty() && there.isEmpty() && !host.hasTable()) {
      steps.add(new SetTable(true), "a table of our own: nobody else's rules are touched");
    }
    List<TableEntry> left = Lists.filter(there, entry -> !entries.contains(entry));
    left.forEach(entry -> steps.add(new SetEntry(entry, false), "it is not so any more"));
    Lists.filter(entries, entry -> !there.contains(entry))
        .forEach(entry -> steps.add(new SetEntry(entry, true), reason(entry)));
    if (entries.isEmpty() && last && Masquerade.isWithoutMore(left, host)) {
      steps.add(new SetTable(false), "nothing is left in it");
    }
    return steps.build();
  }

  /** Plans that nothing is left of a vif. */
  public static Plan detach(
      Host host, VifDevice vif, Optional<List<TableKey>> known, boolean last) {
    return attach(host, vif, Optional.empty(), known, last);
  }

  /** Where the entries of a vif are. */
  public List<TableKey> places(VifDevice vif) {
    return Lists.map(entries(vif), TableEntry::place);
  }

  /** What a guest reaches whose entries are at these places, in the words that say so. */
  public static String words(List<TableKey> places) {
    List<String> all =
        Lists.map(
            Lists.filter(places, place -> place.set().equals(SERVICES)),
            place -> String.join(":", place.parts().subList(1, place.parts().size())));
    return all.isEmpty() ? NONE : String.join(",", all);
  }

  /** Whether what comes from a device is limited, by what is in our table. */
  public static boolean isLimited(List<TableEntry> table, String device) {
    return Lists.any(
        table, entry -> entry.set().equals(GUESTS) && entry.key().equals(List.of(device)));
  }

  /** Whether the table is there for such entries alone. */
  static boolean areAll(List<TableEntry> entries) {
    return !entries.isEmpty() && Lists.all(entries, GuestServices::isOne);
  }

  private static boolean isOne(TableEntry entry) {
    return entry.set().equals(GUESTS) || entry.set().equals(SERVICES);
  }

  private static String reason(TableEntry entry) {
    return entry.set().equals(GUESTS)
        ? "the guest reaches nothing of dom0's but what is named"
        : "this it reaches";
  }

  /**
   * What is there for the vif, or for another one that had its name. A table may have thousands of
   * entries: they are looked up, if it is known where.
   */
  private static List<TableEntry> own(
      Host host, VifDevice vif, List<TableEntry> wanted, Optional<List<TableKey>> known) {
    String named = vif.attachedName();
    Optional<TableEntry> limit = host.entry(new TableKey(GUESTS, List.of(named)));
    boolean isExpected =
        known.isPresent()
            && limit
                .map(
                    entry ->
                        entry.owner().equals(vif.device()) && known.get().contains(entry.place()))
                .orElse(true);
    List<TableEntry> candidates = new ArrayList<>();
    if (isExpected) {
      List<TableKey> places = Lists.concat(known.get(), Lists.map(wanted, TableEntry::place));
      limit.ifPresent(candidates::add);
      candidates.addAll(
          Lists.mapPresent(
              Lists.filter(places, place -> !place.parts().equals(List.of(named))), host::entry));
    } else {
      candidates.addAll(Lists.filter(host.table().orElse(List.of()), GuestServices::isOne));
    }
    return Lists.distinct(
        Lists.filter(
            candidates,
            entry -> entry.owner().equals(vif.device()) || entry.key().getFirst().equals(named)));
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
