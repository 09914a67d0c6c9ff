package org.passerelle.link.testing;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.passerelle.link.rtnl.AddressFlags;
import org.passerelle.link.rtnl.Kernel;

/** Detection of duplicate IPv6 addresses, which takes a second or two. */
public final class AddressDetection {
  private AddressDetection() {}

  /** Returns when no address is tentative any more. */
  public static void await(Kernel kernel) {
    while (kernel.addresses().stream()
        .anyMatch(address -> (address.flags() & AddressFlags.TENTATIVE) != 0)) {
      LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
    }
  }
}
