package org.passerelle.hypervisor.xenstore.client;

import java.io.IOException;
import org.passerelle.hypervisor.xenstore.wire.XsMessage;
import org.passerelle.hypervisor.xenstore.wire.XsType;

/** Requests and answers between one client and a store. Calls may come from any thread. */
public interface Exchange extends AutoCloseable {

  /**
   * Asks and waits for the answer.
   *
   * @param payload at most 4096 octets
   * @return the answer, of the same type or {@link XsType#ERROR}
   * @throws IOException when the connection is gone, and why
   */
  XsMessage call(XsType type, int transactionId, byte[] payload) throws IOException;

  /** From now on shows each watch event to {@code listener}, on one thread; called once at most. */
  void listen(EventListener listener);

  @Override
  void close();

  /** Told of each watch event; does not block, and makes no call. */
  @FunctionalInterface
  interface EventListener {
    void onEvent(XsMessage event);
  }

  /** Whether the connection is lost: nothing more can be asked. */
  default boolean isBroken() {
    return false;
  }
}
