package org.passerelle.link.os;

import java.util.concurrent.atomic.AtomicInteger;
import org.passerelle.link.port.LinkPort;
import org.passerelle.link.rtnl.KernelException;

/**
 * Makes links whose other end we are where taps are not to be had: veth pairs, with a packet socket
 * on our end. All our ends lie in a namespace of their own, where no name clashes and the kernel's
 * stack, which sees what comes in as well, has no address and nothing to say.
 */
public final class VethPorts implements AutoCloseable {
  private final Namespace behind = Namespace.create();
  private final AtomicInteger made = new AtomicInteger();

  /** Makes the namespace. */
  public VethPorts() {
    Sysctl.in(behind).disableIpv6();
  }

  /**
   * Makes a link in the calling thread's network namespace, down, without offloads.
   *
   * @throws KernelException with operation, errno and remedy
   */
  public LinkPort open(String name) {
    return VethPort.open(VethPair.make(name, behind, "port" + made.incrementAndGet()));
  }

  /** The ports have been closed before. */
  @Override
  public void close() {
    behind.close();
  }
}
