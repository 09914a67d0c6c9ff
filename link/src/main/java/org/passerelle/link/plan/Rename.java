package org.passerelle.link.plan;

import java.util.ArrayList;
import java.util.List;
import org.passerelle.link.rtnl.Address;
import org.passerelle.link.rtnl.Kernel;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.rtnl.LinkChange;

/**
 * Renames a link. The kernel rewrites the labels of its IPv4 addresses on the way ({@link Labels}),
 * so the way back has to put them right.
 *
 * @param index the device's, in an undo; 0 when only the name is known
 */
public record Rename(String device, int index, String to) implements Operation {

  public static Rename of(String device, String to) {
    return new Rename(device, 0, to);
  }

  @Override
  public String command() {
    return "ip link set dev " + device + " name " + to;
  }

  @Override
  public List<String> devices() {
    return List.of(device, to);
  }

  @Override
  public String line() {
    return OperationCodec.encode(this);
  }

  @Override
  public void apply(Kernel kernel) {
    kernel.change(device, LinkChange.builder().name(to).build());
  }

  @Override
  public List<Operation> undo(Host now) {
    return now.link(device).map(link -> undo(link, now)).orElse(List.of());
  }

  private List<Operation> undo(Link link, Host now) {
    List<Operation> undo = new ArrayList<>();
    undo.add(new Rename(to, link.index(), link.name()));
    List<Address> labelled =
        now.addresses(link.name()).stream().filter(a -> !a.local().isV6()).toList();
    List<Address> returned =
        Labels.renamed(Labels.renamed(labelled, link.name(), to), to, link.name());
    if (!labels(returned).equals(labels(labelled))) {
      undo.add(new Relabel(link.name(), link.index(), labelled));
      undo.addAll(Restore.routes(now, link, false));
      undo.addAll(Restore.neighbours(now, link));
    }
    return undo;
  }

  private static List<String> labels(List<Address> addresses) {
    return addresses.stream().map(Address::label).toList();
  }

  @Override
  public boolean applyIfDue(Kernel kernel) {
    boolean asLeft = Operation.find(kernel, device, index).filter(device::equals).isPresent();
    if (asLeft) {
      apply(kernel);
    }
    return asLeft;
  }
}
