package org.passerelle.hypervisor.xenstore.server;

import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.passerelle.hypervisor.xenstore.StoreException;
import org.passerelle.hypervisor.xenstore.client.Exchange;
import org.passerelle.hypervisor.xenstore.wire.XsLimits;
import org.passerelle.hypervisor.xenstore.wire.XsMessage;
import org.passerelle.hypervisor.xenstore.wire.XsStrings;
import org.passerelle.hypervisor.xenstore.wire.XsType;

/**
 * A connection within the process. Its requests are the protocol's messages, handed over instead of
 * sent, so that a guest here meets the rules and limits that it would meet anywhere.
 */
final class LocalExchange implements Exchange {
  private static final System.Logger LOG = System.getLogger(LocalExchange.class.getName());

  private final OwnerThread owner;
  private final RequestHandler handler;
  private final Session session;
  private final Semaphore outstanding;
  private volatile EventListener listener = event -> {};

  LocalExchange(OwnerThread owner, RequestHandler handler, DomainTable domains, int domain) {
    this.owner = owner;
    this.handler = handler;
    this.session = owner.call("connect domain " + domain, () -> domains.open(domain, this::tell));
    this.outstanding = session.domain().outstanding();
  }

  @Override
  public XsMessage call(XsType type, int transactionId, byte[] payload) throws IOException {
    XsMessage request = XsMessage.of(type, 0, transactionId, payload);
    outstanding.acquireUninterruptibly();
    try {
      return owner.call(type.name(), () -> answer(request));
    } catch (StoreException e) {
      throw new IOException(e.getMessage(), e);
    } finally {
      outstanding.release();
    }
  }

  private XsMessage answer(XsMessage request) {
    if (!session.isOpen()) {
      throw new StoreException("this connection is closed", "EIO");
    }
    AtomicReference<XsMessage> answer = new AtomicReference<>();
    handler.handle(session, request, answer::set);
    return answer.get();
  }

  @Override
  public void listen(EventListener told) {
    listener = told;
  }

  private void tell(String path, String token) {
    byte[] payload = XsStrings.join(path, token);
    if (payload.length > XsLimits.PAYLOAD_MAX) {
      return; // C xenstored sends no event that is too long either.
    }
    try {
      listener.onEvent(XsMessage.event(payload));
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "the receiver of a watch on " + path + " failed", e);
    }
  }

  @Override
  public void close() {
    try {
      owner.run("close", session::close);
    } catch (StoreException e) {
      LOG.log(System.Logger.Level.DEBUG, "closed after the store itself", e);
    }
  }
}
