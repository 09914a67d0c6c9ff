package org.passerelle.link.os;

import org.passerelle.link.ethtool.SendOffloads;
import org.passerelle.link.rtnl.Kernel;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.link.rtnl.LinkSpec;

/**
 * A veth pair: a named end for others, and an end of ours behind it, which is its cable. Others may
 * rename the named end; one that they move to another namespace keeps the offloads that it had.
 */
final class VethPair implements AutoCloseable {
  /** The MTU that counts is the named end's. */
  private static final LinkChange QUIET =
      LinkChange.builder().arp(false).multicast(false).mtu(65_535).build();

  private final Namespace home;
  private final String name;
  private final SendingEnd sender;
  private final Namespace behind;
  private final String end;

  private VethPair(Namespace home, String name, SendingEnd sender, Namespace behind, String end) {
    this.home = home;
    this.name = name;
    this.sender = sender;
    this.behind = behind;
    this.end = end;
  }

  /**
   * Makes the named end in the calling thread's namespace, down, without offloads.
   *
   * @param named a veth pair's end, the other of which is {@code end} in {@code behind}
   */
  static VethPair make(LinkSpec named, Namespace behind, String end) {
    Namespace home = Namespace.current();
    try (NetlinkKernel here = NetlinkKernel.open()) {
      here.create(named);
      return new VethPair(home, named.name(), sender(here, home, named.name()), behind, end);
    } catch (RuntimeException e) {
      home.close();
      throw e;
    }
  }

  private static SendingEnd sender(Kernel here, Namespace home, String name) {
    try {
      return SendingEnd.prepare(home, name, SendOffloads.NONE);
    } catch (RuntimeException e) {
      deleteAfter(e, here, name);
      throw e;
    }
  }

  private static void deleteAfter(RuntimeException failure, Kernel here, String name) {
    try {
      here.delete(name);
    } catch (KernelException e) {
      failure.addSuppressed(e);
    }
  }

  /** Our end says nothing by itself. */
  void silence() {
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
    try {
      sender.offloads(wanted);
    } catch (KernelException e) {
      unlessGone(e);
    }
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
