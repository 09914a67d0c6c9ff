package org.passerelle.link.fake;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.passerelle.link.rtnl.Refusal;
import org.passerelle.link.rtnl.TableEntry;

/** Our table in the packet filter of {@link FakeKernel}. */
final class FakeTable {
  private List<TableEntry> entries;

  Optional<List<TableEntry>> read() {
    return Optional.ofNullable(entries).map(List::copyOf);
  }

  void create() {
    if (entries != null) {
      throw FakeState.refusal("create the table", Refusal.EEXIST, "");
    }
    entries = new ArrayList<>();
  }

  void delete() {
    require("delete the table");
    entries = null;
  }

  void add(TableEntry entry) {
    require("add " + entry);
    if (entries.stream().anyMatch(other -> isSame(other, entry))) {
      throw FakeState.refusal("add " + entry, Refusal.EEXIST, "");
    }
    entries.add(entry);
  }

  void remove(TableEntry entry) {
    require("remove " + entry);
    if (!entries.removeIf(other -> isSame(other, entry))) {
      throw FakeState.refusal("remove " + entry, Refusal.ENOENT, "");
    }
  }

  private static boolean isSame(TableEntry one, TableEntry other) {
    return one.set().equals(other.set()) && one.key().equals(other.key());
  }

  private void require(String operation) {
    if (entries == null) {
      throw FakeState.refusal(operation, Refusal.ENOENT, "");
    }
  }
}
