package org.passerelle.link.port;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.random.RandomGenerator;

/**
 * A bad line: loses, doubles, reorders and corrupts what is sent through it. Received frames pass
 * untouched; put one on each end for both directions. The same random seed gives the same faults.
 */
public final class FaultyPort extends PortDecorator {
  private final Faults faults;
  private final RandomGenerator random;
  private final Frame work = new Frame(Arena.ofAuto());
  private final Frame held = new Frame(Arena.ofAuto());
  private boolean holding;

  public FaultyPort(Port port, Faults faults, RandomGenerator random) {
    super(port);
    this.faults = faults;
    this.random = random;
  }

  /** Sends the frame, or does to it what chance says; false only when the port had no room. */
  @Override
  public boolean send(Frame frame) {
    if (happens(faults.drop())) {
      return true;
    }
    if (!holding && happens(faults.reorder())) {
      held.copyFrom(frame);
      holding = true;
      return true;
    }
    if (!port.send(happens(faults.corrupt()) ? corrupted(frame) : frame)) {
      return false;
    }
    if (happens(faults.duplicate())) {
      port.send(frame); // no room for the second one is one more fault
    }
    release();
    return true;
  }

  private void release() {
    if (holding && port.send(held)) {
      holding = false;
    }
  }

  private Frame corrupted(Frame frame) {
    work.copyFrom(frame);
    if (work.length() > 0) {
      long at = Frame.DATA + random.nextInt(work.length());
      int octet = work.memory().get(ValueLayout.JAVA_BYTE, at) ^ 1 << random.nextInt(8);
      work.memory().set(ValueLayout.JAVA_BYTE, at, (byte) octet);
    }
    return work;
  }

  private boolean happens(double probability) {
    return random.nextDouble() < probability;
  }
}
