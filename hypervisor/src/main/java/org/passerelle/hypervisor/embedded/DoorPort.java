package org.passerelle.hypervisor.embedded;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A port as the guest's process has it: the descriptors that it was lent, and a gate of its own.
 */
final class DoorPort implements OwnPorts.Port, AutoCloseable {
  /** Where events are taken to. All threads share it: nobody looks at one. */
  private static final MemorySegment EVENT = Arena.global().allocate(16, 8);

  private final CountedDescriptor events;
  private final Doorbell kick;
  private final Gate gate;

  /** Takes both descriptors over, also when this throws. */
  DoorPort(String name, int events, int kick) {
    this.events = new CountedDescriptor(events);
    this.kick = Doorbell.lent(kick);
    try {
      this.gate = Gate.whileReadable(name, events);
    } catch (RuntimeException e) {
      this.events.close();
      this.kick.close();
      throw e;
    }
  }

  @Override
  public void send() {
    kick.ring();
  }

  @Override
  public boolean take() {
    if (!events.enter()) {
      return false;
    }
    boolean pending = Posix.epollTake(events.number(), EVENT);
    events.leave();
    return pending;
  }

  @Override
  public Gate gate() {
    return gate;
  }

  @Override
  public void close() {
    gate.close();
    events.close();
    kick.close();
  }
}
