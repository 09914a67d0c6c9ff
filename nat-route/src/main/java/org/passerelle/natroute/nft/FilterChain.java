package org.passerelle.natroute.nft;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A chain of rules.
 *
 * @param table with its family
 * @param hook where packets come in from; empty when only other chains lead here
 */
public record FilterChain(String table, String name, Optional<Hook> hook, List<FilterRule> rules) {

  public FilterChain {
    rules = List.copyOf(rules);
  }

  /**
   * Where packets come in from.
   *
   * @param name {@code forward}, {@code input}, …
   * @param type {@code filter}, {@code nat} or {@code route}
   * @param priority lower ones come first; connections are known from -200 on
   * @param devices that it is for, {@code *} at the end for all that begin so; none where it is for
   *     all, as most are
   * @param drops what becomes of a packet of which no rule decides
   */
  public record Hook(String name, String type, long priority, List<String> devices, boolean drops) {

    public Hook {
      devices = List.copyOf(devices);
    }

    /** Whether a chain here is asked for what passes a device. */
    boolean isAt(String device) {
      return devices.stream()
          .anyMatch(
              one ->
                  one.endsWith("*")
                      ? device.startsWith(one.substring(0, one.length() - 1))
                      : one.equals(device));
    }
  }

  public boolean isOf(String otherTable) {
    return table.equals(otherTable);
  }

  /** {@code ip}, {@code ip6}, {@code inet}, {@code bridge}, … */
  public String family() {
    return table.substring(0, table.indexOf(' '));
  }

  /** By its name alone: it may have thousands of rules, and be looked up for each packet. */
  @Override
  public int hashCode() {
    return Objects.hash(table, name);
  }
}
