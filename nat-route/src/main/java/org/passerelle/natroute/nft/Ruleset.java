package org.passerelle.natroute.nft;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All that is in a namespace's packet filter, whoever put it there, as far as a verdict on a packet
 * depends on it. It may be asked for thousands of packets.
 */
public final class Ruleset {
  private static final Set<String> DECIDING = Set.of("filter", "route", "nat");

  private final List<String> tables;
  private final List<FilterChain> chains;
  private final Map<String, FilterChain> named;
  private final Map<String, List<FilterChain>> hooked;

  /** By hook and device. */
  private final Map<String, List<FilterChain>> bound;

  /** Those whose devices are not named whole. */
  private final List<FilterChain> wild;

  /**
   * @param tables each with its family: {@code inet firewalld}
   */
  public Ruleset(List<String> tables, List<FilterChain> chains) {
    this.tables = List.copyOf(tables);
    this.chains = List.copyOf(chains);
    this.named =
        chains.stream()
            .collect(Collectors.toMap(Ruleset::key, Function.identity(), (one, _) -> one));
    List<FilterChain> filters = chains.stream().filter(Ruleset::isFilter).toList();
    this.hooked =
        filters.stream()
            .filter(chain -> hook(chain).devices().isEmpty())
            .collect(Collectors.groupingBy(chain -> hook(chain).name()));
    this.bound =
        filters.stream()
            .flatMap(chain -> hook(chain).devices().stream().map(one -> new Bound(one, chain)))
            .collect(
                Collectors.groupingBy(
                    Bound::place, Collectors.mapping(Bound::chain, Collectors.toList())));
    this.wild =
        filters.stream()
            .filter(chain -> hook(chain).devices().stream().anyMatch(one -> one.endsWith("*")))
            .toList();
  }

  /** A chain before a device. */
  private record Bound(String device, FilterChain chain) {
    String place() {
      return hook(chain).name() + " " + device;
    }
  }

  /**
   * Of type {@code route} is the hook output of iptables' mangle: it drops as well, and so may one
   * of type {@code nat}.
   */
  private static boolean isFilter(FilterChain chain) {
    return chain.hook().filter(hook -> DECIDING.contains(hook.type())).isPresent();
  }

  private static FilterChain.Hook hook(FilterChain chain) {
    return chain.hook().orElseThrow();
  }

  private static String key(FilterChain chain) {
    return chain.table() + " " + chain.name();
  }

  public List<String> tables() {
    return tables;
  }

  public List<FilterChain> chains() {
    return chains;
  }

  /** A chain of the same table as this one. */
  public Optional<FilterChain> beside(FilterChain chain, String name) {
    return Optional.ofNullable(named.get(chain.table() + " " + name));
  }

  /** The chains that filter at a hook, whatever the device. */
  public List<FilterChain> filters(String hook) {
    return hooked.getOrDefault(hook, List.of());
  }

  /** Those that filter there what passes one device. */
  public Stream<FilterChain> filters(String hook, String device) {
    return Stream.concat(
        bound.getOrDefault(hook + " " + device, List.of()).stream(),
        wild.stream().filter(chain -> hook(chain).name().equals(hook) && hook(chain).isAt(device)));
  }

  /** The same without some tables. */
  public Ruleset without(Predicate<String> table) {
    return new Ruleset(
        tables.stream().filter(table.negate()).toList(),
        chains.stream().filter(chain -> !table.test(chain.table())).toList());
  }
}
