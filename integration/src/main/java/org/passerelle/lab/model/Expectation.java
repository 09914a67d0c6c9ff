package org.passerelle.lab.model;

import java.util.List;
import java.util.Optional;

/**
 * What must hold of every frame that passes a capture's filter; a list means one of these, an
 * absent one that it does not matter. Addresses are literals or names of stations.
 *
 * @param vlan VIDs, 0 for untagged
 */
public record Expectation(
    Optional<FrameCount> frames,
    List<Integer> vlan,
    List<Located<String>> etherSource,
    List<Located<String>> etherDestination,
    List<Located<String>> ipSource,
    List<Located<String>> ipDestination) {
  public static final Expectation NONE =
      new Expectation(Optional.empty(), List.of(), List.of(), List.of(), List.of(), List.of());
}
