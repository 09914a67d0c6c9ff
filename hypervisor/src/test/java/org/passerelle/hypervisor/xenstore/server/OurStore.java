package org.passerelle.hypervisor.xenstore.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.passerelle.hypervisor.xenstore.tree.Quotas;
import org.passerelle.hypervisor.xenstore.tree.Store;
import org.passerelle.hypervisor.xenstore.tree.StoreTree;
import org.passerelle.hypervisor.xenstore.wire.XsHeader;
import org.passerelle.hypervisor.xenstore.wire.XsMessage;
import org.passerelle.hypervisor.xenstore.wire.XsStrings;

/** Our store with a connection for each domain, without a thread or a socket. */
final class OurStore {
  private final Store store;
  private final DomainTable domains;
  private final RequestHandler handler;
  private final Map<Integer, Session> sessions = new TreeMap<>();
  private final Map<Integer, List<XsMessage>> sent = new TreeMap<>();

  OurStore(Quotas quotas) {
    store = new Store(quotas);
    domains = new DomainTable(store);
    handler = new RequestHandler(domains);
    connect(0);
  }

  StoreTree tree() {
    return store.current();
  }

  Domain domain(int domain) {
    return sessions.get(domain).domain();
  }

  /** Connects a domain, which is introduced. */
  void connect(int domain) {
    List<XsMessage> messages = new ArrayList<>();
    sent.put(domain, messages);
    sessions.put(
        domain,
        domains.open(
            domain, (path, token) -> messages.add(XsMessage.event(XsStrings.join(path, token)))));
  }

  /** Hands over a request of that domain. */
  void ask(int domain, byte[] request) {
    XsHeader header = XsHeader.parse(request, 0);
    XsMessage message = XsMessage.parse(header, request, XsHeader.LENGTH);
    handler.handle(sessions.get(domain), message, sent.get(domain)::add);
  }

  /** What that domain was sent since it was last asked: answers and events. */
  List<byte[]> takeSent(int domain) {
    List<XsMessage> messages = sent.get(domain);
    List<byte[]> octets = messages.stream().map(XsMessage::encode).toList();
    messages.clear();
    return octets;
  }
}
