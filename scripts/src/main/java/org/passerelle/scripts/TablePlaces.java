package org.passerelle.scripts;

import java.util.List;
import java.util.Optional;
import org.passerelle.link.list.Lists;
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
        : Optional.of(Lists.map(Lists.lines(word), TableKey::parse));
  }

  /** Before there are entries at these places: whoever is killed has left a mark of all. */
  void adding(List<TableKey> more) {
    known().ifPresent(before -> write(Lists.concat(before, more)));
  }

  /** Once there are entries at these places only. */
  void set(List<TableKey> all) {
    write(all);
  }

  private void write(List<TableKey> places) {
    mark.set(String.join("\n", Lists.distinct(Lists.map(places, TableKey::text))));
  }
}
