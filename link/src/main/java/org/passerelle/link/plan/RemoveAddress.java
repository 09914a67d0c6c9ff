package org.passerelle.link.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.passerelle.link.rtnl.Address;
import org.passerelle.link.rtnl.Kernel;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.rtnl.Refusal;

/**
 * Takes an address from a device.
 *
 * @param index the device's, in an undo; 0 when only the name is known
 */
public record RemoveAddress(Address address, int index) implements Operation {

  /** Whatever its label is. */
  public static RemoveAddress of(Address address, int index) {
    return new RemoveAddress(address.onDevice(address.device(), ""), index);
  }

  @Override
  public String command() {
    return Commands.removal(address);
  }

  @Override
  public List<String> devices() {
    return List.of(address.device());
  }

  @Override
  public String line() {
    return OperationCodec.encode(this);
  }

  /** What somebody took away meanwhile, or the kernel when its time was over, is as good. */
  @Override
  public void apply(Kernel kernel) {
    isRemoved(kernel, address);
  }

  /**
   * An IPv4 address takes along the secondary ones of its network (net/ipv4/devinet.c), the
   * connected route, routes that prefer it as source, and as the last one all routes and
   * neighbours; an IPv6 address takes its network's route. Put back, an address is the latest of
   * its device: a plan that takes off several begins with the latest ({@link
   * Configuration#removeAddresses}).
   */
  @Override
  public List<Operation> undo(Host now) {
    Optional<Link> link = now.link(address.device());
    List<Address> all = link.map(l -> now.addresses(l.name())).orElse(List.of());
    List<Operation> undo = new ArrayList<>();
    for (Address one : all) {
      if (one.isSame(address) || goesAlong(one)) {
        AddAddress again = AddAddress.again(one, link.orElseThrow().index());
        undo.add(again);
        again.flagsOff(one).ifPresent(undo::add);
      }
    }
    if (!undo.isEmpty()) {
      boolean v6 = address.local().isV6();
      undo.addAll(Restore.routes(now, link.orElseThrow(), v6));
      undo.addAll(Restore.neighbours(now, link.orElseThrow()));
    }
    return undo;
  }

  private boolean goesAlong(Address other) {
    return !address.local().isV6()
        && other.local().length() == address.local().length()
        && address.local().contains(other.local().address());
  }

  @Override
  public boolean applyIfDue(Kernel kernel) {
    Optional<String> name = Operation.find(kernel, address.device(), index);
    if (name.isEmpty()) {
      return false;
    }
    return isRemoved(kernel, address.onDevice(name.get(), address.label()));
  }

  private static boolean isRemoved(Kernel kernel, Address there) {
    try {
      kernel.remove(there);
      return true;
    } catch (KernelException refusal) {
      if (Refusal.EADDRNOTAVAIL.is(refusal)) {
        return false;
      }
      throw refusal;
    }
  }
}
