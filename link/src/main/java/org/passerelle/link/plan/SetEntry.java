package org.passerelle.link.plan;

import java.util.List;
import java.util.Optional;
import org.passerelle.link.rtnl.Kernel;
import org.passerelle.link.rtnl.TableEntry;

/**
 * Puts an entry into our table of the packet filter, or takes it out.
 *
 * @param there whether it is to be there
 */
public record SetEntry(TableEntry entry, boolean there) implements Operation {
  /** The table's family and name. */
  public static final String TABLE = "inet passerelle";

  @Override
  public String command() {
    return "nft "
        + (there ? "create" : "delete")
        + " element "
        + TABLE
        + " "
        + entry.set()
        + " '{ "
        + String.join(" . ", entry.key())
        + " comment \""
        + entry.owner()
        + "\""
        + (entry.data().isEmpty() ? "" : " : " + String.join(" . ", entry.data()))
        + " }'";
  }

  @Override
  public List<String> devices() {
    return List.of();
  }

  @Override
  public String line() {
    return OperationCodec.encode(this);
  }

  @Override
  public void apply(Kernel kernel) {
    if (there) {
      kernel.add(entry);
    } else {
      kernel.remove(entry);
    }
  }

  @Override
  public List<Operation> undo(Host now) {
    boolean present = now.entry(entry.place()).filter(entry::equals).isPresent();
    return present == there ? List.of() : List.of(new SetEntry(entry, !there));
  }

  /** One with the same key that is somebody else's stays. */
  @Override
  public boolean applyIfDue(Kernel kernel) {
    Optional<TableEntry> present = kernel.entry(entry.place());
    boolean due =
        there ? present.isEmpty() && kernel.hasTable() : present.filter(entry::equals).isPresent();
    if (due) {
      apply(kernel);
    }
    return due;
  }
}
