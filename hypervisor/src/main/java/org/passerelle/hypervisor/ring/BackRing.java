package org.passerelle.hypervisor.ring;

import java.lang.foreign.MemorySegment;

/**
 * The backend's view: it consumes requests and produces responses, in a page that belongs to a
 * guest and may hold anything. Owned by one thread.
 *
 * <pre>
 *   responses produced  &lt;=  requests consumed  &lt;=  req_prod  &lt;=  responses produced + size
 * </pre>
 */
public final class BackRing extends SharedRing {
  private int requestsConsumed;
  private int responsesProduced;
  private int responsesPushed;

  private BackRing(MemorySegment page, int slotSize, int start) {
    super(page, slotSize);
    requestsConsumed = start;
    responsesProduced = start;
    responsesPushed = start;
  }

  /**
   * Attaches to a page that a frontend has initialised, at its response producer ({@code
   * BACK_RING_ATTACH}): a backend that comes back goes on where its predecessor stopped answering.
   */
  public static BackRing attach(MemorySegment page, int slotSize) {
    BackRing probe = new BackRing(page, slotSize, 0);
    return new BackRing(page, slotSize, probe.producer(RingLayout.RESPONSE_PRODUCER));
  }

  /**
   * How many requests can be consumed now: those that wait, but no more than can be answered.
   * {@link #IMPOSSIBLE} when the frontend claims more than the ring holds.
   */
  public int unconsumedRequests() {
    int waiting = requestProducer() - requestsConsumed;
    if (Integer.compareUnsigned(waiting, size()) > 0) {
      return IMPOSSIBLE;
    }
    return Math.min(waiting, size() - (requestsConsumed - responsesProduced));
  }

  /** The frontend's producer index, for messages. */
  public int requestProducer() {
    return producer(RingLayout.REQUEST_PRODUCER);
  }

  /** The index of the next request to be consumed. */
  public int requestsConsumed() {
    return requestsConsumed;
  }

  /**
   * Copies the next request out of the page without consuming it.
   *
   * @param to at least a slot's size, 4-byte aligned
   */
  public void peekRequest(MemorySegment to) {
    copy(requestsConsumed, to);
  }

  /** Consumes requests that were counted by {@link #unconsumedRequests}. */
  public void consumeRequests(int count) {
    requestsConsumed += count;
  }

  /** Copies the next request out of the page and consumes it; its index. */
  public int consumeRequest(MemorySegment to) {
    copy(requestsConsumed, to);
    return requestsConsumed++;
  }

  /** Takes the next response slot; its index. The peer sees it after {@link #pushResponses}. */
  public int produceResponse() {
    return responsesProduced++;
  }

  /** Publishes the responses produced. True: the peer wants to be notified. */
  public boolean pushResponses() {
    int old = responsesPushed;
    if (old == responsesProduced) {
      return false;
    }
    responsesPushed = responsesProduced;
    return publish(RingLayout.RESPONSE_PRODUCER, RingLayout.RESPONSE_EVENT, old, responsesProduced);
  }

  /**
   * Before sleeping: asks for an event at the next request, then looks once more. True: do not
   * sleep, something waits (or the peer's index is impossible).
   */
  public boolean finalCheckForRequests() {
    return finalCheckForRequests(1);
  }

  /**
   * As {@link #finalCheckForRequests()}, for a backend that needs {@code needed} requests at a time
   * (1 or more): the event comes when that many wait.
   */
  public boolean finalCheckForRequests(int needed) {
    if (waits(needed)) {
      return true;
    }
    arm(RingLayout.REQUEST_EVENT, requestsConsumed + needed);
    return waits(needed);
  }

  private boolean waits(int needed) {
    int waiting = unconsumedRequests();
    return waiting == IMPOSSIBLE || waiting >= needed;
  }
}
