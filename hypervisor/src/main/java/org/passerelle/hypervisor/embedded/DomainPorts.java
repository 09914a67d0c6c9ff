package org.passerelle.hypervisor.embedded;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.event.EventChannelException;

/** One domain's ports. What changes them goes through the {@link EventSwitch}, under its lock. */
final class DomainPorts extends OwnPorts<PortEnd> {
  /** What xl gives a guest when its file does not say otherwise (event_channels=1023). */
  private static final int GUEST_LAST_PORT = 1023;

  /** All that Xen's FIFO event channels have. */
  private static final int DOM0_LAST_PORT = 131_071;

  private final EventSwitch events;
  private final int lastPort;

  /** By number; replaced when it grows, so that readers need no lock. */
  private volatile PortEnd[] ends = new PortEnd[8];

  private boolean shut;

  DomainPorts(DomainId owner, EventSwitch events) {
    super(owner);
    this.events = events;
    this.lastPort = owner.equals(DomainId.DOM0) ? DOM0_LAST_PORT : GUEST_LAST_PORT;
  }

  @Override
  public int allocateUnbound(DomainId remote) {
    return events.allocateUnbound(this, remote);
  }

  /** As {@link #allocateUnbound}, for this domain in another process. */
  PortEnd allocateLent(DomainId remote) {
    return events.allocateLent(this, remote);
  }

  @Override
  public int bindInterdomain(DomainId remote, int remotePort) {
    return events.bind(this, remote, remotePort);
  }

  @Override
  public void close(int port) {
    events.close(this, port);
  }

  /** Gives up every port. No more can be had. */
  void closeAll() {
    events.closeAll(this);
  }

  /** From any thread, whatever number a peer names. */
  @Override
  PortEnd find(int port) {
    PortEnd[] now = ends;
    return port > 0 && port < now.length ? now[port] : null;
  }

  /** Makes a port with the lowest free number. Under the switch's lock. */
  PortEnd add(DomainId remote, PortEnd.Maker maker) {
    int number = freeNumber(remote);
    PortEnd end = maker.make(owner(), number, remote);
    PortEnd[] now = Arrays.copyOf(ends, number < ends.length ? ends.length : ends.length * 2);
    now[number] = end;
    ends = now;
    return end;
  }

  /** Takes a port out. Under the switch's lock. */
  PortEnd remove(int port) {
    PortEnd end = require("close", port);
    PortEnd[] now = ends.clone();
    now[port] = null;
    ends = now;
    return end;
  }

  /** Takes all ports out, for good. Under the switch's lock. */
  List<PortEnd> removeAll() {
    List<PortEnd> all = new ArrayList<>(Arrays.asList(ends));
    all.removeIf(Objects::isNull);
    ends = new PortEnd[1];
    shut = true;
    return all;
  }

  private int freeNumber(DomainId remote) {
    int number = 1;
    while (find(number) != null) {
      number++;
    }
    if (shut || number > lastPort) {
      String reason = shut ? "the domain ends" : "all " + lastPort + " ports are taken";
      throw new EventChannelException(
          "allocate a port of " + owner() + " for " + remote, "ENOSPC", reason);
    }
    return number;
  }
}
