package org.passerelle.link.os;

import java.util.concurrent.atomic.AtomicInteger;
import org.passerelle.link.port.LinkPort;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.rtnl.LinkSpec;
import org.passerelle.link.rtnl.VethKind;

/**
 * Makes links whose other end we are where taps are not to be had: veth pairs, with a packet socket
 * on our end. All our ends lie in a namespace of their own, where no name clashes and the kernel's
 * stack, which sees what comes in as well, has no address and nothing to say.
 */
public final class VethPorts implements AutoCloseable {
  private final Namespace behind;
  private final AtomicInteger made = new AtomicInteger();

  /** Makes the namespace. */
  public VethPorts() {
    behind = Namespace.create();
    try {
      Sysctl.in(behind).disableIpv6();
    } catch (RuntimeException e) {
      behind.close();
      throw e;
    }
  }

  /**
   * Makes a link in the calling thread's network namespace, down, without offloads.
   *
   * @throws KernelException with operation, errno and remedy
   */
  public LinkPort open(String name) {
    VethKind pair = nextPair();
    return connect(LinkSpec.of(name, pair), pair);
  }

  /** The same in the place of a link of another kind: with its name, MAC, MTU and group. */
  public LinkPort standIn(LinkSpec other) {
    VethKind pair = nextPair();
    return connect(other.withKind(pair), pair);
  }

  private VethKind nextPair() {
    return new VethKind("port" + made.incrementAndGet()).withPeerIn(behind.descriptor());
  }

  private LinkPort connect(LinkSpec named, VethKind pair) {
    return VethPort.open(VethPair.make(named, behind, pair.peer()));
  }

  /** The ports have been closed before. */
  @Override
  public void close() {
    behind.close();
  }
}
