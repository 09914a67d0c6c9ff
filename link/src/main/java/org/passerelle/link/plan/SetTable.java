package org.passerelle.link.plan;

import java.util.List;
import java.util.Optional;
import org.passerelle.link.rtnl.Kernel;
import org.passerelle.link.rtnl.TableEntry;

/**
 * Makes our table of the packet filter, or deletes it when it is empty.
 *
 * @param there whether it is to be there
 */
public record SetTable(boolean there) implements Operation {

  @Override
  public String command() {
    return "nft " + (there ? "create" : "delete") + " table " + SetEntry.TABLE;
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
      kernel.createTable();
    } else {
      kernel.deleteTable();
    }
  }

  @Override
  public List<Operation> undo(Host now) {
    return now.table().isPresent() == there ? List.of() : List.of(new SetTable(!there));
  }

  /** A table in which somebody has put something since is not deleted. */
  @Override
  public boolean applyIfDue(Kernel kernel) {
    Optional<List<TableEntry>> now = kernel.table();
    boolean due = there ? now.isEmpty() : now.isPresent() && now.get().isEmpty();
    if (due) {
      apply(kernel);
    }
    return due;
  }
}
