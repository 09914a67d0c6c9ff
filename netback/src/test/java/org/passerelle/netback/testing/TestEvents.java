package org.passerelle.netback.testing;

import java.util.ArrayList;
import java.util.List;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.event.EventChannels;

/** Event channels that are counted and never wake anybody: for halves that a test drives itself. */
public final class TestEvents implements EventChannels {
  private final List<Integer> open = new ArrayList<>();
  private int next = 1;

  /** How often each port was notified. */
  public final int[] notified = new int[64];

  public int masked;

  /** Whether channels can be masked and unmasked no more. */
  public boolean failing;

  /** Whether {@link #consume} finds an event. */
  public boolean pending = true;

  @Override
  public int allocateUnbound(DomainId remote) {
    open.add(next);
    return next++;
  }

  @Override
  public int bindInterdomain(DomainId remote, int remotePort) {
    if (remotePort > 50) {
      throw new IllegalStateException("no such port");
    }
    return allocateUnbound(remote);
  }

  public int openPorts() {
    return open.size();
  }

  @Override
  public void notify(int port) {
    notified[port]++;
  }

  @Override
  public int descriptor(int port) {
    return -1;
  }

  @Override
  public boolean consume(int port) {
    return pending;
  }

  @Override
  public void mask(int port) {
    mayFail(port);
    masked++;
  }

  @Override
  public void unmask(int port) {
    mayFail(port);
    masked--;
  }

  private void mayFail(int port) {
    if (failing) {
      throw new IllegalStateException("no such port: " + port);
    }
  }

  @Override
  public void close(int port) {
    open.remove((Integer) port);
  }
}
