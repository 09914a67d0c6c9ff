package org.passerelle.netback.testing;

import java.lang.foreign.Arena;
import java.util.concurrent.atomic.AtomicLong;
import org.passerelle.hypervisor.domain.DomainId;

/** What a channel of two halves needs, in memory, with a clock that the test sets. */
public final class Wire implements AutoCloseable {
  private final Arena arena = Arena.ofConfined();
  public final TestMemory memory = new TestMemory(arena, 600);
  public final TestEvents guestEvents = new TestEvents();
  public final TestEvents hostEvents = new TestEvents();
  public final TestContext guest = new TestContext(new DomainId(1), memory, guestEvents);
  public final TestContext host = new TestContext(DomainId.DOM0, memory, hostEvents);
  public final MemoryPort guestPort = new MemoryPort("web/eth0");
  public final MemoryPort hostPort = new MemoryPort("vif1.0");
  public final TestDevice guestDevice = new TestDevice(guestPort);
  public final TestDevice hostDevice = new TestDevice(hostPort);
  public final AtomicLong clock = new AtomicLong(1_000_000_000L);

  public Arena arena() {
    return arena;
  }

  @Override
  public void close() {
    arena.close();
  }
}
