package org.passerelle.link.plan;

import java.util.List;
import java.util.Optional;
import org.passerelle.link.rtnl.Address;
import org.passerelle.link.rtnl.Kernel;
import org.passerelle.link.rtnl.Link;

/**
 * Changes flags and lifetimes of an address that is there.
 *
 * @param index the device's, in an undo; 0 when only the name is known
 */
public record ChangeAddress(Address address, int index) implements Operation {

  @Override
  public String command() {
    return Commands.address("change", address);
  }

  @Override
  public List<String> devices() {
    return List.of(address.device());
  }

  @Override
  public String line() {
    return OperationCodec.encode(this);
  }

  @Override
  public void apply(Kernel kernel) {
    kernel.change(address);
  }

  @Override
  public List<Operation> undo(Host now) {
    int device = now.link(address.device()).map(Link::index).orElse(0);
    return now.addresses(address.device()).stream()
        .filter(address::isSame)
        .map(before -> (Operation) new ChangeAddress(before, device))
        .toList();
  }

  @Override
  public boolean applyIfDue(Kernel kernel) {
    Optional<String> name = Operation.find(kernel, address.device(), index);
    Optional<Address> wanted = name.map(n -> address.onDevice(n, address.label()));
    boolean due =
        wanted.isPresent()
            && kernel.addresses().stream()
                .anyMatch(a -> a.isSame(wanted.get()) && a.flags() != wanted.get().flags());
    if (due) {
      kernel.change(wanted.get());
    }
    return due;
  }

  @Override
  public ChangeAddress aged(long seconds) {
    return new ChangeAddress(Lifetimes.aged(address, seconds), index);
  }
}
