package org.passerelle.link.plan;

import java.util.List;
import java.util.Optional;
import org.passerelle.link.rtnl.Kernel;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.rtnl.Neighbour;
import org.passerelle.link.rtnl.Refusal;

/**
 * Forgets a neighbour that was made known for good.
 *
 * @param index the device's, in an undo; 0 when only the name is known
 */
public record RemoveNeighbour(Neighbour neighbour, int index) implements Operation {

  @Override
  public String command() {
    return Commands.neighbourRemoval(neighbour);
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
    kernel.remove(neighbour);
  }

  @Override
  public List<Operation> undo(Host now) {
    for (Neighbour there : now.neighbours(neighbour.device())) {
      if (there.isSame(neighbour)) {
        return List.of(AddNeighbour.again(there, index));
      }
    }
    return List.of();
  }

  @Override
  public boolean applyIfDue(Kernel kernel) {
    Optional<String> name = Operation.find(kernel, neighbour.device(), index);
    if (name.isEmpty()) {
      return false;
    }
    try {
      kernel.remove(neighbour.onDevice(name.get()));
      return true;
    } catch (KernelException refusal) {
      if (Refusal.ENOENT.is(refusal)) {
        return false;
      }
      throw refusal;
    }
  }
}
