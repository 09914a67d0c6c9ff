package org.passerelle.netback;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.passerelle.hypervisor.DomainContext;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.embedded.EmbeddedHypervisor;
import org.passerelle.link.port.Frame;
import org.passerelle.link.port.Port;
import org.passerelle.link.testing.Allocation;
import org.passerelle.netback.protocol.BackendNodes;
import org.passerelle.netback.testing.TestDevice;

/** A frame that crosses the ring on the embedded hypervisor leaves no garbage. */
@Timeout(60)
class AllocationTest {
  private static final int FRAMES = 20_000;

  @TempDir Path directory;

  /** Gives out frames of one length, and counts what it takes. */
  private static final class Source implements Port {
    int left;
    int taken;

    @Override
    public String name() {
      return "source";
    }

    @Override
    public boolean receive(Frame frame) {
      if (left == 0) {
        return false;
      }
      left--;
      frame.clear();
      frame.length(5000);
      return true;
    }

    @Override
    public boolean send(Frame frame) {
      taken++;
      return true;
    }

    @Override
    public int descriptor() {
      return -1;
    }

    @Override
    public void close() {}
  }

  private final Source inside = new Source();
  private final Source outside = new Source();

  @Test
  void aFrameCostsNoAllocation() throws ConnectException {
    try (EmbeddedHypervisor hypervisor = EmbeddedHypervisor.start(directory)) {
      DomainContext guest = hypervisor.create("guest", Netfront.PAGES);
      Netfront front = front(guest);
      Netback back = back(hypervisor.dom0(), guest.id(), front);
      front.start();
      assertThat(Allocation.least(20_000, () -> carryAll(front, back))).isLessThan(20_000);
      back.close();
      front.close();
    }
  }

  private Netfront front(DomainContext guest) {
    return new Netfront(
        new Netfront.Setup(
            guest,
            DomainId.DOM0,
            BackendNodes.OURS,
            new TestDevice(inside),
            new BusyPages(guest.memory(), guest.grants()),
            new VifCounters(),
            System::nanoTime,
            AllocationTest::died));
  }

  private Netback back(DomainContext host, DomainId guest, Netfront front) throws ConnectException {
    return Netback.connect(
        new Netback.Setup(
            "vif1.0",
            host,
            guest,
            new TestDevice(outside),
            Rate.UNLIMITED,
            new VifCounters(),
            System::nanoTime,
            AllocationTest::died),
        front.nodes());
  }

  private static void died(String reason) {
    throw new AssertionError(reason);
  }

  private void carryAll(Netfront front, Netback back) {
    inside.taken = 0;
    outside.taken = 0;
    for (int i = 0; i < FRAMES; i++) {
      inside.left++;
      outside.left++;
      front.portReady();
      back.portReady();
      while (back.doWork() + front.doWork() > 0 || back.prepareSleep() | front.prepareSleep()) {}
    }
    assertThat(inside.taken).isEqualTo(FRAMES);
    assertThat(outside.taken).isEqualTo(FRAMES);
  }
}
