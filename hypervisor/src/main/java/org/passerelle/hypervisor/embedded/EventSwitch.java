package org.passerelle.hypervisor.embedded;

import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.event.EventChannelException;

/**
 * Binds ports of two domains to each other and parts them, with the rules of Xen's {@code
 * common/event_channel.c}. One lock for all of them: a channel has two ends, and is made once a
 * device.
 */
final class EventSwitch {
  private final DomainTable domains;

  EventSwitch(DomainTable domains) {
    this.domains = domains;
  }

  synchronized int allocateUnbound(DomainPorts ports, DomainId remote) {
    return ports.add(remote).number();
  }

  synchronized int bind(DomainPorts ports, DomainId remote, int remotePort) {
    PortEnd theirs = bindable(ports.owner(), remote, remotePort);
    PortEnd ours = ports.add(remote);
    ours.peer(theirs);
    theirs.peer(ours);
    // What the other end sent before there was a channel was lost: look once.
    ours.bell().ring();
    return ours.number();
  }

  synchronized void close(DomainPorts ports, int port) {
    part(ports.remove(port));
  }

  synchronized void closeAll(DomainPorts ports) {
    ports.removeAll().forEach(EventSwitch::part);
  }

  private static void part(PortEnd end) {
    PortEnd other = end.peer();
    if (other != null) {
      other.peer(null);
    }
    end.close();
  }

  private PortEnd bindable(DomainId user, DomainId remote, int remotePort) {
    String operation =
        "bind " + user + " to " + remote + " port " + Integer.toUnsignedString(remotePort);
    EmbeddedDomain domain = domains.find(remote);
    if (domain == null) {
      throw new EventChannelException(operation, "ESRCH", "there is no such domain");
    }
    PortEnd end = domain.events().find(remotePort);
    if (end == null) {
      throw new EventChannelException(operation, "EINVAL", "there is no such port");
    }
    if (end.peer() != null) {
      throw new EventChannelException(operation, "EINVAL", "it is bound already");
    }
    if (!end.remote().equals(user)) {
      throw new EventChannelException(operation, "EINVAL", "it is kept for " + end.remote());
    }
    return end;
  }
}
