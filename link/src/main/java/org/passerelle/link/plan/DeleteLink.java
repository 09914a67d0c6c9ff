package org.passerelle.link.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.passerelle.link.rtnl.Kernel;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.rtnl.LinkKind;
import org.passerelle.link.rtnl.LinkSpec;

/**
 * Deletes a link; a veth pair goes whole.
 *
 * @param index the device's, in an undo; 0 when only the name is known
 * @param kind what it would have to be made again as
 */
public record DeleteLink(String device, int index, LinkKind kind) implements Operation {

  public static DeleteLink of(String device, LinkKind kind) {
    return new DeleteLink(device, 0, kind);
  }

  @Override
  public String command() {
    return "ip link delete dev " + device;
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
    kernel.delete(device);
  }

  /** Makes it again, and all that went with it: peer, ports, settings, addresses, routes. */
  @Override
  public List<Operation> undo(Host now) {
    return now.link(device).map(link -> undo(link, now)).orElse(List.of());
  }

  private List<Operation> undo(Link link, Host now) {
    List<Link> lost = new ArrayList<>(List.of(link));
    now.peer(link).ifPresent(lost::add);
    List<Operation> undo = new ArrayList<>();
    undo.add(new CreateLink(LinkSpec.of(link.name(), kind).withGroup(link.group())));
    lost.forEach(one -> undo.addAll(SetLink.all(one, now)));
    for (Link port : now.ports(link)) {
      undo.add(
          new SetLink(
              port.name(), port.index(), LinkProperty.MASTER, link.name(), Optional.of("")));
    }
    lost.forEach(one -> undo.addAll(Restore.addresses(now, one)));
    lost.forEach(one -> undo.addAll(Restore.routes(now, one)));
    lost.forEach(one -> undo.addAll(Restore.neighbours(now, one)));
    lost.forEach(one -> Restore.generation(one).ifPresent(undo::add));
    return undo;
  }

  /** As an undo it takes away only what bears our mark. */
  @Override
  public boolean applyIfDue(Kernel kernel) {
    Optional<Link> link =
        Operation.find(kernel, device, index).flatMap(kernel::link).filter(Ownership::isOurs);
    link.ifPresent(found -> kernel.delete(found.name()));
    return link.isPresent();
  }
}
