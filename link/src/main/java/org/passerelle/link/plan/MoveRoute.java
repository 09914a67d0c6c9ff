package org.passerelle.link.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.passerelle.link.rtnl.Kernel;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.rtnl.Refusal;
import org.passerelle.link.rtnl.Route;

/**
 * Lets a route leave by another device, with no moment without it.
 *
 * @param route as it is before, by {@code from}
 * @param from the device that it leaves by, alone or as one of several ways
 * @param fromIndex that device's index, in an undo; 0 when only the name is known
 * @param to the device that it is to leave by
 * @param toIndex that device's index, in an undo; 0 when only the name is known
 */
public record MoveRoute(Route route, String from, int fromIndex, String to, int toIndex)
    implements Operation {

  public static MoveRoute of(Route route, String from, String to) {
    return new MoveRoute(route, from, 0, to, 0);
  }

  @Override
  public String command() {
    return Commands.route("replace", route.onDevice(from, to));
  }

  @Override
  public List<String> devices() {
    List<String> devices = new ArrayList<>(Devices.of(route));
    devices.add(from);
    devices.add(to);
    return devices;
  }

  @Override
  public String line() {
    return OperationCodec.encode(this);
  }

  @Override
  public void apply(Kernel kernel) {
    move(kernel, from, to);
  }

  /**
   * Whoever else keeps the device's configuration, as systemd-networkd does, may have made the new
   * route already, behind the one that it is to replace: the kernel does not have the same one
   * twice (fib_table_insert in net/ipv4/fib_trie.c).
   */
  private void move(Kernel kernel, String old, String target) {
    try {
      kernel.replace(route.onDevice(from, target));
    } catch (KernelException refusal) {
      if (!Refusal.EEXIST.is(refusal) || !isThere(kernel, target)) {
        throw refusal;
      }
      new RemoveRoute(route.onDevice(from, old), 0).applyIfDue(kernel);
    }
  }

  @Override
  public List<Operation> undo(Host now) {
    return List.of(
        new MoveRoute(route.onDevice(from, to), to, index(now, to), from, index(now, from)));
  }

  private static int index(Host now, String device) {
    return now.link(device).map(Link::index).orElse(0);
  }

  @Override
  public boolean applyIfDue(Kernel kernel) {
    Optional<String> old = Operation.find(kernel, from, fromIndex);
    Optional<String> target = Operation.find(kernel, to, toIndex);
    if (old.isEmpty() && target.isPresent()) {
      // The device that it went by took it along.
      return new AddRoute(route.onDevice(from, target.get()), 0).applyIfDue(kernel);
    }
    boolean due = old.isPresent() && target.isPresent() && isThere(kernel, old.get());
    if (due) {
      move(kernel, old.get(), target.get());
    }
    return due;
  }

  private boolean isThere(Kernel kernel, String device) {
    return kernel.routes().stream()
        .anyMatch(
            there ->
                there.destination().equals(route.destination())
                    && there.table() == route.table()
                    && there.metric() == route.metric()
                    && there.uses(device));
  }

  @Override
  public MoveRoute aged(long seconds) {
    return new MoveRoute(Lifetimes.aged(route, seconds), from, fromIndex, to, toIndex);
  }
}
