package org.passerelle.link.plan;

import java.util.List;
import java.util.Optional;
import org.passerelle.link.list.Lists;
import org.passerelle.link.rtnl.Kernel;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.rtnl.Refusal;
import org.passerelle.link.rtnl.Route;

/**
 * Adds a route.
 *
 * @param index of its device, in an undo; 0 when only the name is known, or for several ways
 * @param alone one on the link is refused where another device has one to the same destination with
 *     the same metric
 */
public record AddRoute(Route route, int index, boolean alone) implements Operation {
  /** IP6_RT_PRIO_USER of net/ip6_fib.h: what an IPv6 route without a metric gets. */
  private static final long IPV6_METRIC = 1024;

  public AddRoute(Route route, int index) {
    this(route, index, false);
  }

  public static AddRoute of(Route route) {
    return new AddRoute(route, 0);
  }

  /** Whoever has that destination already keeps it, and this is refused. */
  public static AddRoute alone(Route route) {
    return new AddRoute(route, 0, true);
  }

  @Override
  public String command() {
    return Commands.route(isAppended() ? "append" : "add", route);
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
    add(kernel, route);
  }

  private boolean isAppended() {
    return !alone && !Configuration.isByGateway(route) && !route.device().isEmpty();
  }

  /** On the link each device may have its own, and a move needs both for a while. */
  private void add(Kernel kernel, Route there) {
    if (isAppended()) {
      kernel.append(there);
    } else {
      kernel.add(there);
    }
  }

  @Override
  public List<Operation> undo(Host now) {
    int device = now.link(route.device()).map(Link::index).orElse(0);
    return Lists.any(of(now), this::isSame) ? List.of() : List.of(new RemoveRoute(route, device));
  }

  private List<Route> of(Host now) {
    return route.device().isEmpty() ? now.routes() : now.routes(route.device());
  }

  /** What the kernel takes for the same route: it keeps one of each destination and metric. */
  public boolean isSame(Route other) {
    return isInPlaceOf(other) && other.device().equals(route.device());
  }

  /** Whether the other one has its destination and metric, whatever device it leaves by. */
  public boolean isInPlaceOf(Route other) {
    return other.destination().equals(route.destination())
        && other.table() == route.table()
        && metric(other) == metric(route);
  }

  private static long metric(Route route) {
    return route.isV6() && route.metric() == 0 ? IPV6_METRIC : route.metric();
  }

  @Override
  public boolean applyIfDue(Kernel kernel) {
    Optional<Route> present = RemoveRoute.present(kernel, route, index);
    return present.isPresent()
        && !wentWithItsAddress(kernel, present.get())
        && isAdded(kernel, present.get());
  }

  /** The kernel's own route of an address is there as long as that is: it is no undo's to bring. */
  private static boolean wentWithItsAddress(Kernel kernel, Route there) {
    return there.protocol() == Route.PROTOCOL_KERNEL
        && there.source().isPresent()
        && !Lists.any(
            kernel.addresses(there.device()),
            one -> one.local().address().equals(there.source().get()));
  }

  private boolean isAdded(Kernel kernel, Route there) {
    try {
      add(kernel, there);
      return true;
    } catch (KernelException refusal) {
      // The same way is there, or another one that somebody made since.
      if (Refusal.EEXIST.is(refusal)) {
        return false;
      }
      throw refusal;
    }
  }

  @Override
  public AddRoute aged(long seconds) {
    return new AddRoute(Lifetimes.aged(route, seconds), index, alone);
  }
}
