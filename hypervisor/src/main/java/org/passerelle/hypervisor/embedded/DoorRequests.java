package org.passerelle.hypervisor.embedded;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.function.IntSupplier;
import org.passerelle.hypervisor.HypervisorException;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.event.EventChannelException;

/**
 * What the hypervisor does for one caller at a domain's door; knows of no socket. A caller may ask
 * anything in any order: it gets nothing but what its own domain may have.
 */
final class DoorRequests {
  private static final Logger LOG = System.getLogger(DoorRequests.class.getName());

  /**
   * Each costs this process three descriptors, and three more when dom0 binds to it: the fourth of
   * its own (the kick as dom0 hears it), and the two of dom0's end. No frontend of Linux's comes
   * near.
   */
  static final int MOST_PORTS = 255;

  private final EmbeddedDomain domain;
  private final IntSupplier store;
  private int ports;
  private boolean inside;

  /**
   * @param store makes a connection to the store with the domain's rights
   */
  DoorRequests(EmbeddedDomain domain, IntSupplier store) {
    this.domain = domain;
    this.store = store;
  }

  /**
   * What a request comes to.
   *
   * @param lent descriptors that go along and stay ours
   * @param given one that goes along and is closed here afterwards; -1 for none
   * @param last whether the caller is hung up on
   */
  record Answer(DoorMessage message, List<Integer> lent, int given, boolean last) {
    static Answer of(DoorMessage message, Integer... lent) {
      return new Answer(message, List.of(lent), -1, false);
    }
  }

  /** Whether the caller has said hello as it should. */
  boolean isInside() {
    return inside;
  }

  /** A fault of ours is no reason not to answer. */
  Answer answer(DoorMessage request) {
    try {
      return inside ? serve(request) : greet(request);
    } catch (EventChannelException e) {
      return refuse(request, DoorError.valueOf(e.error()));
    } catch (HypervisorException e) {
      // Never 0, which would say that all went well.
      return Answer.of(request.refusal(e.errno() > 0 ? e.errno() : DoorError.EIO.number()));
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "the door of " + domain.id() + ": a request failed", e);
      return refuse(request, DoorError.EIO);
    }
  }

  private Answer greet(DoorMessage request) {
    if (request.type() != DoorMessage.HELLO) {
      return new Answer(request.refusal(DoorError.EPROTO.number()), List.of(), -1, true);
    }
    if (request.word0() != DoorMessage.VERSION) {
      return new Answer(wrongVersion(), List.of(), -1, true);
    }
    int connection = store.getAsInt();
    inside = true;
    return new Answer(welcome(), List.of(domain.file().descriptor()), connection, false);
  }

  private static DoorMessage wrongVersion() {
    int status = -DoorError.EPROTONOSUPPORT.number();
    return new DoorMessage(DoorMessage.HELLO, status, DoorMessage.VERSION, 0, 0, 0);
  }

  private DoorMessage welcome() {
    MemoryMap map = domain.map();
    return new DoorMessage(
        DoorMessage.HELLO,
        0,
        DoorMessage.VERSION,
        domain.id().value(),
        map.grantFrames(),
        map.pages());
  }

  private Answer serve(DoorMessage request) {
    return switch (request.type()) {
      case DoorMessage.ALLOCATE_UNBOUND -> allocate(request);
      case DoorMessage.CLOSE -> close(request);
      case DoorMessage.HELLO -> refuse(request, DoorError.EINVAL);
      default -> refuse(request, DoorError.ENOSYS);
    };
  }

  private Answer allocate(DoorMessage request) {
    int remote = request.word0();
    if (Integer.compareUnsigned(remote, DomainId.FIRST_RESERVED) >= 0) {
      return refuse(request, DoorError.EINVAL);
    }
    if (ports == MOST_PORTS) {
      return refuse(request, DoorError.ENOSPC);
    }
    PortEnd made = domain.events().allocateLent(new DomainId(remote));
    ports++;
    return Answer.of(
        request.reply(made.number()), made.gate().descriptor(), made.kick().descriptor());
  }

  private Answer close(DoorMessage request) {
    domain.events().close(request.word0());
    ports--;
    return Answer.of(request.reply(0));
  }

  private static Answer refuse(DoorMessage request, DoorError error) {
    return Answer.of(request.refusal(error.number()));
  }
}
