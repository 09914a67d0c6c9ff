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
    return ports.add(remote, PortEnd::here).number();
  }

  /** A port of a domain in another process. */
  synchronized PortEnd allocateLent(DomainPorts ports, DomainId remote) {
    return ports.add(remote, PortEnd::lent);
  }

  synchronized int bind(DomainPorts ports, DomainId remote, int remotePort) {
    PortEnd theirs = bindable(ports.owner(), remote, remotePort);
    PortEnd ours = ports.add(remote, PortEnd::here);
    try {
      ours.join(theirs);
    } catch (RuntimeException e) {
      end(ports.remove(ours.number()));
      throw e;
    }
    // What the other end sent before there was a channel was lost: look once.
    ours.bell().ring();
    return ours.number();
  }

  synchronized void close(DomainPorts ports, int port) {
    end(ports.remove(port));
  }

  synchronized void closeAll(DomainPorts ports) {
    ports.removeAll().forEach(EventSwitch::end);
  }

  private static void end(PortEnd end) {
    end.part();
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
    if (end.isBound()) {
      throw new EventChannelException(operation, "EINVAL", "it is bound already");
    }
    if (!end.remote().equals(user)) {
      throw new EventChannelException(operation, "EINVAL", "it is kept for " + end.remote());
    }
    return end;
  }
}
