package org.passerelle.cli;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.passerelle.link.os.Loopback;

/** The network namespace that the launcher has put this process into. */
final class PrivateNetwork {
  private static final String IPV6_ADDRESSES = "/proc/self/net/if_inet6";

  private PrivateNetwork() {}

  /**
   * Sets the loopback device up where there is no IPv6 address at all, as in a new namespace:
   * without one the JDK would do without IPv6, in the lab's namespaces too. Comes before everything
   * else, for the reason that {@link Loopback} gives; where it is not allowed, checks over IPv6
   * will say so.
   */
  static void prepare() {
    // Not by java.nio.file, which loads the library in question.
    try (InputStream addresses = new FileInputStream(IPV6_ADDRESSES)) {
      if (addresses.read() < 0) {
        Loopback.up();
      }
    } catch (IOException e) {
      // This kernel has no IPv6.
    }
  }
}
