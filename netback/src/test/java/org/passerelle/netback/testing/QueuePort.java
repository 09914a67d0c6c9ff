package org.passerelle.netback.testing;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.passerelle.link.os.EventFd;
import org.passerelle.link.port.Frame;
import org.passerelle.link.port.Port;
import org.passerelle.netback.testing.MemoryPort.Sample;

/** A port with a descriptor, for frames between a test's thread and the data plane's. */
public final class QueuePort implements Port {
  private final MemoryPort port;
  private final EventFd event = new EventFd();
  private final BlockingQueue<Sample> incoming = new LinkedBlockingQueue<>();

  /** What was sent to the port. */
  public final BlockingQueue<Sample> sent = new LinkedBlockingQueue<>();

  public QueuePort(String name) {
    this.port = new MemoryPort(name);
  }

  /** From any thread. */
  public void add(Sample sample) {
    incoming.add(sample);
    event.signal();
  }

  @Override
  public String name() {
    return port.name();
  }

  @Override
  public boolean receive(Frame frame) {
    event.clear();
    Sample sample = incoming.poll();
    if (sample == null) {
      return false;
    }
    port.add(sample);
    return port.receive(frame);
  }

  @Override
  public boolean send(Frame frame) {
    port.send(frame);
    return sent.add(port.sent.removeLast());
  }

  @Override
  public int descriptor() {
    return event.descriptor();
  }

  @Override
  public void close() {
    event.close();
  }
}
