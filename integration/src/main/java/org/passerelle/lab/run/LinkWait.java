package org.passerelle.lab.run;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.passerelle.link.rtnl.AddressFlags;
import org.passerelle.link.rtnl.Kernel;
import org.passerelle.link.rtnl.Link;
import org.passerelle.netback.NetfrontDriver;
import org.passerelle.toolstack.ToolstackException;

/**
 * Waits until a device passes frames. Its carrier is on before that: the kernel looks at changes of
 * carriers in the background (linkwatch), and until it has, the device's queue and the bridge that
 * it is a port of drop what comes.
 */
final class LinkWait {
  private static final Duration TO_RUN = Duration.ofSeconds(5);

  /** A frontend keeps its link for as long as it waits for its backend. */
  private static final Duration TO_GO = NetfrontDriver.PATIENCE.plusSeconds(2);

  private static final long PAUSE_MILLIS = 5;

  private LinkWait() {}

  /** Waits until there is no such device. Throws {@link ToolstackException} when it stays. */
  static void untilGone(Kernel kernel, String device) throws InterruptedException {
    until(() -> kernel.link(device).isEmpty(), TO_GO, device + " is detached, but still there");
  }

  /** Throws {@link ToolstackException} when it is not running in time. */
  static void untilRunning(Kernel kernel, String device) throws InterruptedException {
    until(
        () -> kernel.link(device).filter(Link::isRunning).isPresent(),
        TO_RUN,
        device + " is connected, but not up and running");
  }

  /**
   * Waits until the device answers for all its IPv6 addresses, which others may have, as it has to
   * find out. Throws {@link ToolstackException} when it does not in time.
   */
  static void untilAddressed(Kernel kernel, String device) throws InterruptedException {
    until(
        () ->
            kernel.addresses(device).stream()
                .allMatch(address -> (address.flags() & AddressFlags.TENTATIVE) == 0),
        TO_RUN,
        device + " is up, but does not answer for its addresses yet");
  }

  private static void until(BooleanSupplier condition, Duration limit, String otherwise)
      throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new ToolstackException(otherwise + " after " + limit.toSeconds() + " s");
      }
      Thread.sleep(PAUSE_MILLIS);
    }
  }
}
