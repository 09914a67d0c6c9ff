package org.passerelle.link.plan;

import java.util.List;
import java.util.Optional;
import org.passerelle.link.rtnl.Guard;
import org.passerelle.link.rtnl.Kernel;

/**
 * Puts a guard before a link, in the place of the one that is there if any, or takes it away.
 *
 * @param there whether it is to be there; when not, its rules do not matter
 */
public record SetGuard(Guard guard, boolean there) implements Operation {

  /** Takes away whatever guards links of this name. */
  public static SetGuard none(String device) {
    return new SetGuard(new Guard(device, List.of()), false);
  }

  @Override
  public String command() {
    return there
        ? "nft '" + guard.declaration() + "'"
        : "nft delete table " + Guard.table(guard.device());
  }

  @Override
  public List<String> devices() {
    return List.of(guard.device());
  }

  @Override
  public String line() {
    return OperationCodec.encode(this);
  }

  @Override
  public void apply(Kernel kernel) {
    if (there) {
      kernel.guard(guard);
    } else {
      kernel.unguard(guard.device());
    }
  }

  /** Where a kernel took the chain away with its link, an empty table is left, and nothing lost. */
  @Override
  public List<Operation> undo(Host now) {
    Optional<Guard> present = now.guard(guard.device());
    if (there ? guard.is(present) : present.isEmpty()) {
      return List.of();
    }
    return List.of(
        present
            .filter(one -> !one.rules().isEmpty())
            .map(one -> new SetGuard(one, true))
            .orElseGet(() -> none(guard.device())));
  }

  /** What has no link any more needs no guard. */
  @Override
  public boolean applyIfDue(Kernel kernel) {
    Optional<Guard> present = kernel.guard(guard.device());
    boolean due =
        there ? !guard.is(present) && kernel.link(guard.device()).isPresent() : present.isPresent();
    if (due) {
      apply(kernel);
    }
    return due;
  }
}
