package org.passerelle.hypervisor.xenstore.client;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;
import org.passerelle.hypervisor.xenstore.wire.XsMessage;
import org.passerelle.hypervisor.xenstore.wire.XsType;

/**
 * Requests over a {@link Transport}. Until somebody listens for events, the asking thread reads its
 * own answer and the lock keeps the others out meanwhile; from then on a {@link ReplyReader} reads,
 * and many requests may be under way.
 */
final class StreamExchange implements Exchange {
  private final Transport transport;
  private final MessageReader messages;
  private final ReentrantLock lock = new ReentrantLock();
  private ReplyReader reader;
  private int lastRequestId;
  private IOException broken;

  StreamExchange(Transport transport) {
    this.transport = transport;
    this.messages = new MessageReader(transport);
  }

  @Override
  public XsMessage call(XsType type, int transactionId, byte[] payload) throws IOException {
    CompletableFuture<XsMessage> answer;
    lock.lock();
    try {
      refuseIfBroken();
      XsMessage request = XsMessage.of(type, ++lastRequestId, transactionId, payload);
      if (reader == null) {
        return callDirectly(request);
      }
      answer = reader.expect(request.requestId());
      transport.send(request.encode());
    } catch (IOException e) {
      breakOff(e);
      throw e;
    } finally {
      lock.unlock();
    }
    return await(answer);
  }

  private XsMessage callDirectly(XsMessage request) throws IOException {
    transport.send(request.encode());
    XsMessage message = messages.next();
    while (message.is(XsType.WATCH_EVENT) || message.requestId() != request.requestId()) {
      message = messages.next();
    }
    return message;
  }

  private static XsMessage await(CompletableFuture<XsMessage> answer) throws IOException {
    try {
      return answer.join();
    } catch (CompletionException e) {
      throw new IOException(e.getCause().getMessage(), e);
    }
  }

  @Override
  public void listen(EventListener listener) {
    lock.lock();
    try {
      reader = new ReplyReader(messages, listener);
      reader.start();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    // Not under the lock: a call that waits for its answer is to be woken.
    transport.close();
  }

  @Override
  public boolean isBroken() {
    lock.lock();
    try {
      return broken != null || reader != null && reader.hasEnded();
    } finally {
      lock.unlock();
    }
  }

  private void refuseIfBroken() throws IOException {
    if (broken != null) {
      throw new IOException(broken.getMessage(), broken);
    }
  }

  /** Half a request or half an answer may have gone by: nothing more can be asked here. */
  private void breakOff(IOException cause) {
    broken = cause;
    transport.close();
  }
}
