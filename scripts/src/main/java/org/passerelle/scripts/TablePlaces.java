package org.passerelle.scripts;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.passerelle.link.plan.RunMark;
import org.passerelle.link.rtnl.TableKey;

/**
 * Where the packet filter may have entries of a vif's, as its mark tells: in a table of thousands
 * they are looked up one by one.
 */
record TablePlaces(RunMark mark) {

  /** Empty when nobody knows: a mark without words is an earlier version's. */
  Optional<List<TableKey>> known() {
    String word = mark.word();
    return mark.isSet() && word.isEmpty()
        ? Optional.empty()
        : Optional.of(word.lines().map(TableKey::parse).toList());
  }

  /** Before there are entries at these places: whoever is killed has left a mark of all. */
  void adding(List<TableKey> more) {
    Optional<List<TableKey>> before = known();
    if (before.isEmpty()) {
      return;
    }
    write(Stream.of(before.get(), more).flatMap(Collection::stream));
  }

  /** Once there are entries at these places only. */
  void set(List<TableKey> all) {
    write(all.stream());
  }

  private void write(Stream<TableKey> places) {
    mark.set(places.map(TableKey::text).distinct().collect(Collectors.joining("\n")));
  }
}
