package org.passerelle.link.plan;

import java.util.List;
import java.util.Optional;
import org.passerelle.link.list.Lists;
import org.passerelle.link.rtnl.Address;
import org.passerelle.link.rtnl.AddressFlags;
import org.passerelle.link.rtnl.Kernel;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.rtnl.Refusal;

/**
 * Gives a device an address.
 *
 * @param index the device's, in an undo; 0 when only the name is known
 */
public record AddAddress(Address address, int index) implements Operation {

  /**
   * Puts an address that was there, here or on another device, to use again at once: IPv6's
   * duplicate detection, which would take it out of use for seconds, is left out when it had been
   * passed before.
   */
  public static AddAddress again(Address address, int index) {
    int flags = address.flags() & AddressFlags.SETTABLE;
    boolean valid = (address.flags() & (AddressFlags.TENTATIVE | AddressFlags.DADFAILED)) == 0;
    return new AddAddress(
        address.withFlags(address.local().isV6() && valid ? flags | AddressFlags.NODAD : flags),
        index);
  }

  /** Takes the mark of the left-out detection off again, when the address did not have it. */
  public Optional<Operation> flagsOff(Address original) {
    int flags = original.flags() & AddressFlags.SETTABLE;
    return flags == address.flags()
        ? Optional.empty()
        : Optional.of(new ChangeAddress(address.withFlags(flags), index));
  }

  @Override
  public String command() {
    return Commands.address("add", address);
  }

  @Override
  public List<String> devices() {
    return List.of(address.device());
  }

  @Override
  public String line() {
    return OperationCodec.encode(this);
  }

  /**
   * What somebody gave it meanwhile, or a kernel that makes link-local ones by itself, is as good.
   */
  @Override
  public void apply(Kernel kernel) {
    try {
      kernel.add(address);
    } catch (KernelException refusal) {
      if (!Refusal.EEXIST.is(refusal) || !isThere(new Host(kernel))) {
        throw refusal;
      }
    }
  }

  private boolean isThere(Host now) {
    return Lists.any(now.addresses(address.device()), address::isSame);
  }

  @Override
  public List<Operation> undo(Host now) {
    boolean there = isThere(now);
    int device = now.link(address.device()).map(link -> link.index()).orElse(0);
    return there ? List.of() : List.of(RemoveAddress.of(address, device));
  }

  @Override
  public boolean applyIfDue(Kernel kernel) {
    Optional<String> name = Operation.find(kernel, address.device(), index);
    if (name.isEmpty()) {
      return false;
    }
    try {
      kernel.add(address.onDevice(name.get(), address.label()));
      return true;
    } catch (KernelException refusal) {
      if (Refusal.EEXIST.is(refusal)) {
        return false;
      }
      throw refusal;
    }
  }

  @Override
  public AddAddress aged(long seconds) {
    return new AddAddress(Lifetimes.aged(address, seconds), index);
  }
}
