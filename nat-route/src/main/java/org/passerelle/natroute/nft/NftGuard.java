package org.passerelle.natroute.nft;

import java.util.Optional;
import org.passerelle.link.list.Lists;
import org.passerelle.link.rtnl.Guard;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.rtnl.Refusal;

/** The guard of the links of one name: a table of the family netdev with one chain. */
final class NftGuard {
  /** How nft indents what is in a chain. */
  private static final String IN_CHAIN = "\t\t";

  private final LibNftables library;
  private final String device;
  private final String table;

  NftGuard(LibNftables library, String device) {
    this.library = library;
    this.device = device;
    this.table = Guard.table(device);
  }

  Optional<Guard> read() {
    try {
      return Optional.of(guard(library.tell("list table " + table, "list table " + table)));
    } catch (KernelException e) {
      if (Refusal.ENOENT.is(e)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Where the kernel took the chain away with its link, there are no rules. */
  private Guard guard(String listed) {
    return new Guard(
        device,
        Lists.map(
            Lists.filter(
                Lists.lines(listed),
                line -> line.startsWith(IN_CHAIN) && !line.strip().startsWith("type ")),
            String::strip));
  }

  /** In one transaction: first added, the table is there to be deleted, whether it was or not. */
  void set(Guard guard) {
    library.run(
        String.join("\n", "add table " + table, "delete table " + table, guard.declaration()),
        "guard " + device);
  }

  void remove() {
    library.run("delete table " + table, "delete table " + table);
  }
}
