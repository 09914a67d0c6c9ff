package org.passerelle.link.testing;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.passerelle.link.os.Errno;
import org.passerelle.link.os.Namespace;
import org.passerelle.link.os.NetlinkKernel;
import org.passerelle.link.rtnl.Address;
import org.passerelle.link.rtnl.AddressFlags;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.link.rtnl.LinkFlags;
import org.passerelle.link.rtnl.LinkSpec;
import org.passerelle.link.rtnl.VethKind;
import org.passerelle.link.wire.IpPrefix;

/**
 * Network namespaces that end with their test: {@code @RegisterExtension final TestNamespaces
 * namespaces = new TestNamespaces()}. At the end their virtual devices are deleted, not only the
 * descriptors closed: a thread that a test started may keep the namespace itself alive a little.
 */
public final class TestNamespaces implements AfterEachCallback {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** An emulated processor would be busy with looking. */
  private static final Duration PAUSE = Duration.ofMillis(Extent.usual(5, 50));

  private final Deque<Namespace> made = new ArrayDeque<>();

  /** A new namespace with its loopback device up. */
  public Namespace create() {
    Namespace namespace = Namespace.create();
    refuseOurOwn(namespace);
    made.push(namespace);
    namespace.loopbackUp();
    return namespace;
  }

  /**
   * What we make is emptied afterwards: were it the machine's own, that would cut the machine off.
   */
  private static void refuseOurOwn(Namespace namespace) {
    try (Namespace own = Namespace.current()) {
      if (own.cookie() == namespace.cookie()) {
        throw new IllegalStateException("a new namespace is the one that we are in");
      }
    }
  }

  /** Joins two namespaces by a veth pair; both ends are up, and ready to carry frames. */
  public void wire(Namespace left, String leftName, Namespace right, String rightName) {
    VethKind kind = new VethKind(rightName).withPeerIn(right.descriptor());
    try (NetlinkKernel here = left.kernel();
        NetlinkKernel there = right.kernel()) {
      here.create(LinkSpec.of(leftName, kind));
      here.change(leftName, LinkChange.builder().up(true).build());
      there.change(rightName, LinkChange.builder().up(true).build());
      awaitReady(here, leftName);
      awaitReady(there, rightName);
    }
  }

  /** IPv6 sends nothing before the kernel's link watch came round, which it does once a second. */
  private static void awaitReady(NetlinkKernel kernel, String device) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (kernel.link(device).orElseThrow().operState() != Link.OperState.UP) {
      if (System.nanoTime() - end > 0) {
        throw new IllegalStateException(device + " is not ready after " + PATIENCE);
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  /** Gives a device an address that is usable at once. */
  public void address(Namespace namespace, String device, String prefix) {
    IpPrefix local = IpPrefix.parse(prefix);
    try (NetlinkKernel kernel = namespace.kernel()) {
      kernel.add(Address.of(device, local).withFlags(local.isV6() ? AddressFlags.NODAD : 0));
    }
  }

  @Override
  public void afterEach(ExtensionContext context) {
    while (!made.isEmpty()) {
      try (Namespace namespace = made.pop();
          NetlinkKernel kernel = namespace.kernel()) {
        kernel.links().stream()
            .filter(link -> (link.flags() & LinkFlags.LOOPBACK) == 0)
            .forEach(link -> deleteIfThere(kernel, link.name()));
      }
    }
  }

  /**
   * A veth's end goes with the other one: which the kernel may be taking away this moment, with a
   * namespace that was closed.
   */
  private static void deleteIfThere(NetlinkKernel kernel, String device) {
    try {
      kernel.delete(device);
    } catch (KernelException e) {
      if (e.errno() != Errno.ENODEV) {
        throw e;
      }
    }
  }
}
