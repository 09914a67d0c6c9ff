package org.passerelle.link.os;

import java.lang.foreign.Arena;
import org.passerelle.link.port.Frame;
import org.passerelle.link.port.Port;

/** Carries frames between two ports on a thread of its own, and notes what passes. */
final class Forwarder implements AutoCloseable {
  /** The longest frame so far, with its metadata. */
  final Frame longest = new Frame(Arena.ofShared());

  /** Frames with a blank checksum so far. */
  volatile int blank;

  private final Poller poller = new Poller();
  private final Frame frame = new Frame(Arena.ofShared());
  private final Thread thread;
  private volatile boolean ended;

  Forwarder(Port one, Port other) {
    poller.add(one.descriptor(), Poller.READABLE, events -> pump(one, other));
    poller.add(other.descriptor(), Poller.READABLE, events -> pump(other, one));
    thread = Thread.ofPlatform().daemon().start(this::run);
  }

  private void run() {
    while (!ended) {
      poller.poll(-1);
    }
  }

  private void pump(Port from, Port to) {
    while (from.receive(frame)) {
      note();
      while (!to.send(frame)) {
        Thread.onSpinWait();
      }
    }
  }

  private void note() {
    if (frame.length() > longest.length()) {
      longest.copyFrom(frame);
    }
    if (frame.checksumBlank()) {
      blank++;
    }
  }

  @Override
  public void close() {
    ended = true;
    poller.wakeUp();
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while waiting for the forwarder", e);
    }
    poller.close();
  }
}
