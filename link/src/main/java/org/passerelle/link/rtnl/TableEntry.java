package org.passerelle.link.rtnl;

import java.util.List;

/**
 * An entry of a set, or of a map, in our table of the packet filter.
 *
 * @param set the set's name
 * @param key what it is found by; of several parts each
 * @param data what a map gives for it; none in a set
 * @param owner for whom it is there, kept with it as its comment
 */
public record TableEntry(String set, List<String> key, List<String> data, String owner) {

  public TableEntry {
    key = List.copyOf(key);
    data = List.copyOf(data);
  }

  public TableKey place() {
    return new TableKey(set, key);
  }

  static KernelException noTable() {
    return new KernelException(
        "use the packet filter",
        Refusal.EOPNOTSUPP.number(),
        Refusal.EOPNOTSUPP.toString(),
        "nothing here speaks to it");
  }
}
