package org.passerelle.link.plan;

import java.util.List;
import java.util.Optional;
import org.passerelle.link.list.Lists;
import org.passerelle.link.rtnl.Kernel;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.rtnl.Neighbour;
import org.passerelle.link.rtnl.Refusal;

/**
 * Makes a neighbour known on a device: what is known already stays. One that is not for good is
 * used at once and asked for again soon.
 *
 * @param index the device's, in an undo; 0 when only the name is known
 */
public record AddNeighbour(Neighbour neighbour, int index) implements Operation {

  public static AddNeighbour of(Neighbour neighbour) {
    return again(neighbour, 0);
  }

  static AddNeighbour again(Neighbour neighbour, int index) {
    return new AddNeighbour(
        neighbour.isForGood() ? neighbour : neighbour.withState(Neighbour.STALE), index);
  }

  @Override
  public String command() {
    return Commands.neighbour(neighbour);
  }

  @Override
  public List<String> devices() {
    return List.of(neighbour.device());
  }

  @Override
  public String line() {
    return OperationCodec.encode(this);
  }

  @Override
  public void apply(Kernel kernel) {
    try {
      kernel.add(neighbour);
    } catch (KernelException refusal) {
      if (!Refusal.EEXIST.is(refusal)) {
        throw refusal;
      }
    }
  }

  /** Of one that is not for good nothing: that does no harm, and is forgotten by itself. */
  @Override
  public List<Operation> undo(Host now) {
    boolean known = Lists.any(now.neighbours(neighbour.device()), neighbour::isSame);
    Optional<Link> link =
        neighbour.isForGood() && !known ? now.link(neighbour.device()) : Optional.empty();
    return link.isPresent()
        ? List.of(new RemoveNeighbour(neighbour, link.get().index()))
        : List.of();
  }

  @Override
  public boolean applyIfDue(Kernel kernel) {
    Optional<String> name = Operation.find(kernel, neighbour.device(), index);
    name.ifPresent(device -> new AddNeighbour(neighbour.onDevice(device), 0).apply(kernel));
    return name.isPresent();
  }
}
