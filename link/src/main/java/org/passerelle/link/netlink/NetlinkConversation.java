package org.passerelle.link.netlink;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Requests and their answers over one socket: one at a time, matched by sequence number. Messages
 * of other numbers (left over from a request that was given up) are dropped.
 *
 * <p>A dump during which the list changed (NLM_F_DUMP_INTR) is no consistent state: it is asked for
 * again, up to {@value #DUMP_TRIES} times. Not thread safe: one thread owns it.
 */
public final class NetlinkConversation {
  /** How often a dump is tried. */
  static final int DUMP_TRIES = 20;

  private static final int EAGAIN = 11;
  private static final int ENOBUFS = 105;

  private final NetlinkTransport transport;
  private final Deque<NetlinkMessage> received = new ArrayDeque<>();
  private int sequence;

  public NetlinkConversation(NetlinkTransport transport) {
    this.transport = transport;
  }

  /**
   * Asks for a change and waits for the acknowledgement; the request has {@link NetlinkFlags#ACK}.
   */
  public void change(NetlinkWriter request) {
    send(request);
    NetlinkMessage answer = next();
    while (answer.type() != NetlinkMessage.ERROR) {
      answer = next();
    }
    check(answer);
  }

  /** Asks for one object. */
  public NetlinkMessage get(NetlinkWriter request) {
    send(request);
    NetlinkMessage answer = next();
    if (answer.type() == NetlinkMessage.ERROR) {
      check(answer);
      throw new MalformedMessageException("the kernel acknowledged a question without an answer");
    }
    return answer;
  }

  /** Asks for all objects; the list is one consistent state. */
  public List<NetlinkMessage> dump(NetlinkWriter request) {
    for (int attempt = 0; attempt < DUMP_TRIES; attempt++) {
      send(request);
      List<NetlinkMessage> parts = new ArrayList<>();
      if (collect(parts)) {
        return parts;
      }
    }
    throw new NetlinkException(
        EAGAIN, "the list changed during each of " + DUMP_TRIES + " readings of it");
  }

  /**
   * Reads to the dump's end, even when it is spoilt: the kernel refuses the next one before that.
   *
   * @return true when it was consistent and nothing was lost
   */
  private boolean collect(List<NetlinkMessage> parts) {
    boolean whole = true;
    while (true) {
      NetlinkMessage part = nextOrLost();
      if (part == null) {
        whole = false;
        continue;
      }
      whole &= (part.flags() & NetlinkFlags.DUMP_INTERRUPTED) == 0;
      switch (part.type()) {
        case NetlinkMessage.DONE, NetlinkMessage.ERROR -> {
          check(part);
          return whole;
        }
        case NetlinkMessage.OVERRUN -> whole = false;
        case NetlinkMessage.NOOP -> {}
        default -> parts.add(part);
      }
    }
  }

  /** The next message of ours, or null when the socket says that it had to drop some. */
  private NetlinkMessage nextOrLost() {
    try {
      return next();
    } catch (NetlinkException e) {
      if (e.errno() == ENOBUFS) {
        return null;
      }
      throw e;
    }
  }

  private NetlinkMessage next() {
    while (true) {
      while (received.isEmpty()) {
        received.addAll(NetlinkMessage.parseAll(transport.receive()));
      }
      NetlinkMessage message = received.remove();
      if (message.sequence() == sequence) {
        return message;
      }
    }
  }

  private void send(NetlinkWriter request) {
    received.clear();
    sequence++;
    transport.send(request.finish(sequence));
  }

  private static void check(NetlinkMessage message) {
    Acknowledgement end = Acknowledgement.parse(message);
    if (end.errno() != 0) {
      throw new NetlinkException(end.errno(), end.text());
    }
  }
}
