package org.passerelle.link.os;

import java.util.Optional;
import java.util.OptionalInt;
import org.passerelle.link.netlink.NetlinkMessage;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.link.rtnl.LinkMessages;
import org.passerelle.link.rtnl.LinkSnapshot;

/**
 * One change of one link: down, IPv6's mode, all the rest in one message, the alternative name. The
 * kernel would set a link down only after it had renamed it, and up before it knew the IPv6 mode.
 *
 * <p>When the kernel refuses a part, what it had done before is put back.
 */
final class LinkChanger {
  private static final LinkChange DOWN = LinkChange.builder().up(false).build();

  private final NetlinkKernel kernel;
  private final LinkChange change;
  private final String operation;
  private final NetlinkMessage found;
  private final int index;
  private final int master;

  LinkChanger(NetlinkKernel kernel, String device, LinkChange change) {
    this.kernel = kernel;
    this.change = change;
    this.operation = KernelWords.change(device, change);
    this.found = kernel.message(device, operation);
    this.index = LinkMessages.index(found);
    this.master = number(change.master().orElse(""));
  }

  /** The link before the change; most changes go well, and need no more of it than its number. */
  private LinkSnapshot before() {
    return LinkSnapshot.parse(found);
  }

  private int number(String bridge) {
    return bridge.isEmpty() ? 0 : kernel.index(bridge, operation);
  }

  void apply() {
    refuseNameTakenThere();
    try {
      applyParts();
    } catch (KernelException e) {
      putBack(e);
      throw explained(e);
    }
  }

  private void applyParts() {
    if (!change.up().orElse(true) && LinkMessages.hasAttributes(change)) {
      send(DOWN, 0);
    }
    change.ipv6AddressGeneration().ifPresent(this::setIpv6Mode);
    if (LinkMessages.hasAttributes(change) || LinkMessages.hasFlags(change)) {
      send(change, master);
    }
    change
        .alternativeName()
        .ifPresent(name -> kernel.send(LinkMessages.addAlternativeName(index, name), operation));
  }

  private void send(LinkChange part, int masterIndex) {
    kernel.send(LinkMessages.change(index, part, masterIndex), operation);
  }

  /** A link without IPv6 makes no address anyway: to forbid it is then no error. */
  private void setIpv6Mode(int mode) {
    if (mode == Link.IPV6_NONE && before().link().ipv6AddressGeneration().isEmpty()) {
      return;
    }
    kernel.send(LinkMessages.ipv6AddressGeneration(index, mode), operation);
  }

  /** A move cannot be put back without loss, so its commonest failure is looked for beforehand. */
  private void refuseNameTakenThere() {
    if (change.namespace().isEmpty()) {
      return;
    }
    String name = change.name().orElse(before().link().name());
    Namespace there = Namespace.of(change.namespace().getAsInt());
    try (NetlinkKernel target = there.kernel()) {
      if (target.link(name).isPresent()) {
        throw Libc.failure(operation, Errno.EEXIST, "that namespace has a " + name);
      }
    }
  }

  private void putBack(KernelException cause) {
    try {
      Optional<LinkSnapshot> now = kernel.snapshot(index, operation);
      if (now.isPresent()) {
        putBack(now.get());
      }
    } catch (KernelException e) {
      cause.addSuppressed(e);
    }
  }

  private void putBack(LinkSnapshot now) {
    LinkSnapshot before = before();
    LinkChange undo = before.undo(now, change);
    // Before Linux 6.2 what is up keeps its name, and one message renames before it sets down.
    if (undo.name().isPresent() && !before.link().isUp()) {
      send(DOWN, 0);
    }
    if (!undo.equals(LinkChange.NONE)) {
      send(undo, before.link().master());
    }
    OptionalInt mode = before.link().ipv6AddressGeneration();
    if (mode.isPresent() && !mode.equals(now.link().ipv6AddressGeneration())) {
      kernel.send(LinkMessages.ipv6AddressGeneration(index, mode.getAsInt()), operation);
    }
  }

  private KernelException explained(KernelException e) {
    boolean renamedUp =
        e.errno() == Errno.EBUSY
            && change.name().isPresent()
            && change.up().orElse(true)
            && before().link().isUp();
    if (!renamedUp) {
      return e;
    }
    return Libc.failure(
        operation,
        e.errno(),
        "this kernel renames a link only while it is down: set it down first");
  }
}
