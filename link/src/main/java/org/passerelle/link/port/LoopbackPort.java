package org.passerelle.link.port;

import java.lang.foreign.Arena;
import java.util.ArrayDeque;

/**
 * Two ports in memory, back to back: what one sends, the other receives, in order, with its offload
 * metadata. Both ends belong to one thread. There is no descriptor to wait on.
 */
public final class LoopbackPort implements Port {
  private final String name;
  private final Queue incoming;
  private final Queue outgoing;

  private LoopbackPort(String name, Queue incoming, Queue outgoing) {
    this.name = name;
    this.incoming = incoming;
    this.outgoing = outgoing;
  }

  /**
   * Two ends.
   *
   * @param capacity frames that may wait in each direction
   */
  public static Pair pair(String one, String other, int capacity) {
    Queue forth = new Queue(capacity);
    Queue back = new Queue(capacity);
    return new Pair(new LoopbackPort(one, back, forth), new LoopbackPort(other, forth, back));
  }

  /** The two ends. */
  public record Pair(LoopbackPort one, LoopbackPort other) {}

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean receive(Frame frame) {
    return incoming.take(frame);
  }

  @Override
  public boolean send(Frame frame) {
    return outgoing.put(frame);
  }

  @Override
  public int descriptor() {
    return -1;
  }

  /** What this end has sent and the other has not received yet stays there. */
  @Override
  public void close() {
    incoming.clear();
  }

  /** Frames on their way; used ones are kept for the next. */
  private static final class Queue {
    private final int capacity;
    private final ArrayDeque<Frame> waiting = new ArrayDeque<>();
    private final ArrayDeque<Frame> spare = new ArrayDeque<>();

    Queue(int capacity) {
      this.capacity = capacity;
    }

    boolean put(Frame frame) {
      if (waiting.size() == capacity) {
        return false;
      }
      Frame copy = spare.isEmpty() ? new Frame(Arena.ofAuto()) : spare.pop();
      copy.copyFrom(frame);
      waiting.add(copy);
      return true;
    }

    boolean take(Frame frame) {
      Frame first = waiting.poll();
      if (first == null) {
        return false;
      }
      frame.copyFrom(first);
      spare.push(first);
      return true;
    }

    void clear() {
      waiting.clear();
      spare.clear();
    }
  }
}
