package org.passerelle.link.os;

import org.passerelle.link.ethtool.SendOffloads;
import org.passerelle.link.rtnl.Kernel;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.link.rtnl.LinkSpec;
import org.passerelle.link.rtnl.VethKind;

/**
 * A veth pair: a named end for others, and an end of ours behind it, which is its cable. Others may
 * rename the named end; one that they move to another namespace keeps the offloads that it had.
 */
final class VethPair implements AutoCloseable {
  /** Larger frames do not fit into a slot of {@link PacketRing}: the kernel cuts them before. */
  private static final LinkChange FITTING = LinkChange.builder().gsoMaxSize(65_400).build();

  /** The MTU that counts is the named end's. */
  private static final LinkChange QUIET =
      LinkChange.builder().arp(false).multicast(false).mtu(65_535).build();

  private final Namespace home;
  private final String name;
  private final int index;
  private final Namespace behind;
  private final String end;

  private VethPair(Namespace home, String name, int index, Namespace behind, String end) {
    this.home = home;
    this.name = name;
    this.index = index;
    this.behind = behind;
    this.end = end;
  }

  /** Makes the named end in the calling thread's namespace, the other in {@code behind}; down. */
  static VethPair make(String name, Namespace behind, String end) {
    Namespace home = Namespace.current();
    try (NetlinkKernel here = NetlinkKernel.open()) {
      here.create(LinkSpec.of(name, new VethKind(end).withPeerIn(behind.descriptor())));
      return new VethPair(home, name, here.index(name, "number " + name), behind, end);
    } catch (RuntimeException e) {
      home.close();
      throw e;
    }
  }

  /** Has the named end send what a packet socket takes, and ours say nothing. */
  void prepare() {
    try (Kernel here = home.kernel()) {
      here.change(name, FITTING);
    }
    changeOurs(QUIET);
  }

  /** A packet socket on our end, under the name that others know. */
  PacketSocket socket() {
    return behind.call(() -> PacketSocket.open(end, name));
  }

  /** The named end has a carrier while ours is up. */
  void carrier(boolean on) {
    changeOurs(LinkChange.builder().up(on).build());
  }

  private void changeOurs(LinkChange change) {
    try (Kernel there = behind.kernel()) {
      there.change(end, change);
    }
  }

  void offloads(SendOffloads wanted) {
    home.run(
        () -> {
          try (Ethtool ethtool = new Ethtool()) {
            ethtool.set(index, wanted, "set offloads of " + name);
          } catch (KernelException e) {
            unlessGone(e);
          }
        });
  }

  /** Deletes both ends, wherever they are. */
  @Override
  public void close() {
    home.close();
    try (Kernel there = behind.kernel()) {
      there.delete(end);
    } catch (KernelException e) {
      unlessGone(e);
    }
  }

  private static void unlessGone(KernelException e) {
    if (e.errno() != Errno.ENODEV) {
      throw e;
    }
  }
}
