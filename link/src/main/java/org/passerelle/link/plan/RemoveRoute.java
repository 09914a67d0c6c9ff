package org.passerelle.link.plan;

import java.util.List;
import java.util.Optional;
import org.passerelle.link.rtnl.Kernel;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.rtnl.Refusal;
import org.passerelle.link.rtnl.Route;

/**
 * Removes a route.
 *
 * @param index of its device, in an undo; 0 when only the name is known, or for several ways
 */
public record RemoveRoute(Route route, int index) implements Operation {

  public static RemoveRoute of(Route route) {
    return new RemoveRoute(route, 0);
  }

  @Override
  public String command() {
    return Commands.route("del", route);
  }

  @Override
  public List<String> devices() {
    return Devices.of(route);
  }

  @Override
  public String line() {
    return OperationCodec.encode(this);
  }

  @Override
  public void apply(Kernel kernel) {
    kernel.remove(route);
  }

  @Override
  public List<Operation> undo(Host now) {
    int device = now.link(route.device()).map(Link::index).orElse(0);
    return List.of(new AddRoute(route, device));
  }

  @Override
  public boolean applyIfDue(Kernel kernel) {
    Optional<Route> present = present(kernel, route, index);
    if (present.isEmpty()) {
      return false;
    }
    try {
      kernel.remove(present.get());
      return true;
    } catch (KernelException refusal) {
      if (Refusal.ESRCH.is(refusal)) {
        return false;
      }
      throw refusal;
    }
  }

  /** The route under its device's present name; empty when the device is gone. */
  static Optional<Route> present(Kernel kernel, Route route, int index) {
    return route.device().isEmpty()
        ? Optional.of(route)
        : Operation.find(kernel, route.device(), index)
            .map(name -> route.onDevice(route.device(), name));
  }
}
