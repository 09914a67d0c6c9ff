package org.passerelle.doctor.check;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.passerelle.doctor.Finding;
import org.passerelle.doctor.facts.Facts;
import org.passerelle.doctor.facts.NetFacts;
import org.passerelle.doctor.facts.Routing;
import org.passerelle.natroute.GuestServices;
import org.passerelle.natroute.Masquerade;
import org.passerelle.natroute.nft.Ruleset;

/** Whether the packet filter still has what the scripts put there. */
final class GuardChecks {
  private static final Reporter OWN = new Reporter(Finding.Section.PASSERELLE);
  private static final String GUARD = "netdev passerelle-";
  private static final String ATTACH_ANEW =
      "detach and attach the vif (xl network-detach, xl network-attach), or have its script online"
          + " called";
  private static final String TABLE = "inet passerelle";
  private static final String NAT = "network-nat";
  private static final String ROUTE = "network-route";
  private static final String AGAIN =
      "`nft flush ruleset` or a restart of nftables takes rules away";

  private GuardChecks() {}

  /** Whether a table is Passerelle's: what it drops is meant. */
  static boolean isOurs(String table) {
    return table.equals(TABLE) || table.startsWith(GUARD);
  }

  static Stream<Finding> of(Facts facts) {
    return facts
        .filter()
        .ruleset()
        .map(Ruleset::tables)
        .filter(tables -> facts.own().readable())
        .map(tables -> of(facts, Set.copyOf(tables)))
        .orElse(Stream.empty());
  }

  private static Stream<Finding> of(Facts facts, Set<String> tables) {
    Predicate<String> isGuarded = name -> tables.contains(GUARD + name);
    List<Finding> trouble =
        Stream.of(
                masquerade(facts),
                services(facts),
                unlimited(facts),
                forwards(facts),
                lost(facts, isGuarded),
                unguarded(facts, isGuarded),
                left(facts.net(), tables))
            .flatMap(findings -> findings)
            .toList();
    return trouble.isEmpty()
        ? Stream.of(OWN.ok("rules-there", "nftables", "has all that the scripts put there"))
        : trouble.stream();
  }

  /** The table may be there without it: whoever needs it makes it anew. */
  private static Stream<Finding> masquerade(Facts facts) {
    List<String> lost =
        facts.own().uplinks(NAT).stream()
            .filter(nic -> !new Masquerade(nic).isIn(facts.filter().table()))
            .toList();
    return lost.isEmpty()
        ? Stream.empty()
        : Stream.of(
            OWN.bad(
                    "nat-lost",
                    TABLE,
                    "has nothing of network-nat, which is started for "
                        + String.join(", ", lost)
                        + ": "
                        + AGAIN,
                    "guests' packets leave with addresses that nobody outside can answer",
                    "start it again (with ipv6=, too, if it was given); a start brings back nothing"
                        + " of vifs with forward= or services=, so that for each of them then "
                        + ATTACH_ANEW)
                .with(lost.stream().map(nic -> StartLine.of(facts, NAT + " " + nic)).toList()));
  }

  private static Stream<Finding> services(Facts facts) {
    return facts.own().limited().stream()
        .filter(vif -> facts.net().nameOf(vif).filter(name -> isFree(facts, name)).isPresent())
        .map(
            vif ->
                OWN.bad(
                    "services-lost",
                    vif,
                    "reaches named services of dom0 alone (services=), and the rules are gone: "
                        + AGAIN,
                    "its guest reaches everything of dom0's",
                    ATTACH_ANEW));
  }

  /** Attached before the host's word was given, or exempted. */
  private static Stream<Finding> unlimited(Facts facts) {
    List<String> wanting =
        facts.own().services().entrySet().stream()
            .filter(mark -> !mark.getValue().equals(GuestServices.ANY))
            .map(Map.Entry::getKey)
            .filter(facts.own().started()::contains)
            .toList();
    Set<String> limited =
        facts.own().limited().stream()
            .flatMap(vif -> facts.net().nameOf(vif).stream())
            .collect(Collectors.toSet());
    return facts.net().routing().guests().entrySet().stream()
        .filter(guest -> !limited.contains(guest.getKey()) && isFree(facts, guest.getKey()))
        .sorted(Map.Entry.comparingByKey())
        .flatMap(guest -> unlimited(guest.getKey(), guest.getValue().mode(), wanting).stream());
  }

  private static Optional<Finding> unlimited(String vif, Routing.Mode mode, List<String> wanting) {
    return wanting.stream()
        .filter(user -> mode != Routing.Mode.NAT || user.startsWith(NAT + " "))
        .filter(user -> mode != Routing.Mode.ROUTE || user.startsWith(ROUTE + " "))
        .findFirst()
        .map(
            user ->
                OWN.warn(
                    "unlimited",
                    vif,
                    "reaches all of dom0 though the host names what guests reach (services= of "
                        + user
                        + ")",
                    "its guest reaches everything of dom0's; so it is meant if its own services is"
                        + " any",
                    "attach it anew if it was attached before services="));
  }

  private static boolean isFree(Facts facts, String name) {
    return !GuestServices.isLimited(facts.filter().table(), name);
  }

  /** A script that was killed may have marked places that it has not come to: some are enough. */
  private static Stream<Finding> forwards(Facts facts) {
    Set<String> there =
        facts.filter().table().stream()
            .map(entry -> entry.place().text())
            .collect(Collectors.toSet());
    return facts.own().forwards().entrySet().stream()
        .filter(mark -> facts.net().nameOf(mark.getKey()).isPresent())
        .filter(mark -> !mark.getValue().isEmpty())
        .filter(mark -> mark.getValue().lines().noneMatch(there::contains))
        .map(Map.Entry::getKey)
        .map(
            vif ->
                OWN.bad(
                    "forwards-lost",
                    vif,
                    "has ports of dom0's (forward=), and the rules are gone: " + AGAIN,
                    "nobody outside reaches its guest by them",
                    ATTACH_ANEW));
  }

  /** Marked, there, and without its table. */
  private static Stream<Finding> lost(Facts facts, Predicate<String> isGuarded) {
    return facts.own().guards().keySet().stream()
        .filter(name -> facts.net().has(name) && !isGuarded.test(name))
        .map(
            name ->
                OWN.bad(
                    "guard-lost",
                    name,
                    "was guarded (antispoof=yes), and its rules are gone: " + AGAIN,
                    "its guest can send in anybody's name",
                    ATTACH_ANEW));
  }

  private static Stream<Finding> unguarded(Facts facts, Predicate<String> isGuarded) {
    Set<String> marked = facts.own().guards().keySet();
    return facts.own().hostGuards().isEmpty()
        ? Stream.empty()
        : facts.net().vifs().stream()
            .map(NetFacts.Device::name)
            .filter(name -> !isGuarded.test(name) && !marked.contains(name))
            .map(
                name ->
                    OWN.warn(
                        "unguarded",
                        name,
                        "has no guard though the host wants one (antispoof=yes of "
                            + String.join(", ", facts.own().hostGuards())
                            + ")",
                        "its guest can send in anybody's name; so it is meant if its own"
                            + " antispoof is no",
                        "attach it anew if it was attached before antispoof=yes"));
  }

  private static Stream<Finding> left(NetFacts net, Set<String> tables) {
    return tables.stream()
        .filter(table -> table.startsWith(GUARD))
        .filter(table -> !net.has(table.substring(GUARD.length())))
        .sorted()
        .map(
            table ->
                OWN.warn(
                        "guard-left",
                        table,
                        "guards a link that is not there any more",
                        "it would hit the next link of that name",
                        "remove it, unless its vif is just being attached")
                    .with(List.of("nft delete table " + table)));
  }
}
