package org.passerelle.link.plan;

import java.util.List;
import java.util.Optional;
import org.passerelle.link.rtnl.Address;
import org.passerelle.link.rtnl.Kernel;

/**
 * Gives a device's IPv4 addresses the labels and the order that they had before a renaming. The
 * kernel can change neither in place: from the first that differs, addresses are taken off, the
 * latest first, and added again in order.
 *
 * @param addresses all IPv4 addresses of the device, in order
 */
public record Relabel(String device, int index, List<Address> addresses) implements Operation {

  public Relabel {
    addresses = List.copyOf(addresses);
  }

  @Override
  public String command() {
    return "ip address … dev " + device + ": the labels as they were";
  }

  @Override
  public List<String> devices() {
    return List.of(device);
  }

  @Override
  public String line() {
    return OperationCodec.encode(this);
  }

  @Override
  public void apply(Kernel kernel) {
    List<Address> present = present(kernel);
    int first = firstDifference(present);
    for (int i = present.size() - 1; i >= first; i--) {
      kernel.remove(present.get(i));
    }
    for (Address address : addresses.subList(first, addresses.size())) {
      AddAddress.again(address, index).applyIfDue(kernel);
    }
  }

  /** Of the device's addresses those that are ours to relabel; others stay where they are. */
  private List<Address> present(Kernel kernel) {
    return kernel.addresses().stream()
        .filter(there -> addresses.stream().anyMatch(there::isSame))
        .toList();
  }

  private int firstDifference(List<Address> present) {
    int i = 0;
    while (i < addresses.size()
        && i < present.size()
        && isRight(addresses.get(i), present.get(i))) {
      i++;
    }
    return i;
  }

  private static boolean isRight(Address wanted, Address there) {
    return wanted.isSame(there) && wanted.label().equals(there.label());
  }

  /** Nothing to undo: it is an undo itself, and no plan's step. */
  @Override
  public List<Operation> undo(Host now) {
    return List.of();
  }

  @Override
  public boolean applyIfDue(Kernel kernel) {
    Optional<String> name = Operation.find(kernel, device, index).filter(device::equals);
    boolean due = name.isPresent() && firstDifference(present(kernel)) < addresses.size();
    if (due) {
      apply(kernel);
    }
    return due;
  }

  @Override
  public Relabel aged(long seconds) {
    return new Relabel(
        device,
        index,
        addresses.stream().map(address -> Lifetimes.aged(address, seconds)).toList());
  }
}
