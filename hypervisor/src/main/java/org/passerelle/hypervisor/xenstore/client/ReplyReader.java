package org.passerelle.hypervisor.xenstore.client;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.passerelle.hypervisor.xenstore.wire.XsMessage;
import org.passerelle.hypervisor.xenstore.wire.XsType;

/**
 * A thread that hands answers, in whatever order, to those who wait, and events to one listener.
 */
final class ReplyReader implements Runnable {
  private static final System.Logger LOG = System.getLogger(ReplyReader.class.getName());

  private final MessageReader messages;
  private final Exchange.EventListener listener;
  private final Map<Integer, CompletableFuture<XsMessage>> waiting = new HashMap<>();
  private final Thread thread =
      Thread.ofPlatform().daemon().name("xenstore-client").unstarted(this);
  private IOException ended;

  ReplyReader(MessageReader messages, Exchange.EventListener listener) {
    this.messages = messages;
    this.listener = listener;
  }

  void start() {
    thread.start();
  }

  /** What will be the answer to that request; fails when the connection ends before. */
  CompletableFuture<XsMessage> expect(int requestId) throws IOException {
    refuseOwnThread();
    synchronized (waiting) {
      if (ended != null) {
        throw ended;
      }
      CompletableFuture<XsMessage> answer = new CompletableFuture<>();
      waiting.put(requestId, answer);
      return answer;
    }
  }

  @Override
  public void run() {
    try {
      while (true) {
        take(messages.next());
      }
    } catch (IOException e) {
      end(e);
    }
  }

  private void take(XsMessage message) {
    if (message.is(XsType.WATCH_EVENT)) {
      tell(message);
      return;
    }
    CompletableFuture<XsMessage> answer;
    synchronized (waiting) {
      answer = waiting.remove(message.requestId());
    }
    if (answer == null) {
      LOG.log(System.Logger.Level.WARNING, "XenStore answered what nobody asked: {0}", message);
    } else {
      answer.complete(message);
    }
  }

  private void tell(XsMessage event) {
    try {
      listener.onEvent(event);
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "a XenStore watch's receiver failed", e);
    }
  }

  private void end(IOException cause) {
    synchronized (waiting) {
      ended = cause;
      waiting.values().forEach(answer -> answer.completeExceptionally(cause));
      waiting.clear();
    }
  }

  /** Whether the connection is lost, be it that nobody asked anything since. */
  boolean hasEnded() {
    synchronized (waiting) {
      return ended != null;
    }
  }

  private void refuseOwnThread() {
    if (Thread.currentThread() == thread) {
      throw new IllegalStateException("a watch's receiver must hand over, not call the store");
    }
  }
}
