package org.passerelle.hypervisor.ring;

import java.lang.foreign.MemorySegment;

/**
 * The frontend's view: it makes the ring, produces requests and consumes responses. Owned by one
 * thread; the other view may belong to another thread, process or domain.
 *
 * <pre>
 *   responses consumed  &lt;=  rsp_prod  &lt;=  req_prod  &lt;=  requests produced  &lt;=  responses consumed + size
 * </pre>
 */
public final class FrontRing extends SharedRing {
  private int requestsProduced;
  private int requestsPushed;
  private int responsesConsumed;

  private FrontRing(MemorySegment page, int slotSize, int start) {
    super(page, slotSize);
    page.fill((byte) 0);
    set(RingLayout.REQUEST_PRODUCER, start);
    set(RingLayout.RESPONSE_PRODUCER, start);
    set(RingLayout.REQUEST_EVENT, start + 1);
    set(RingLayout.RESPONSE_EVENT, start + 1);
    requestsProduced = start;
    requestsPushed = start;
    responsesConsumed = start;
  }

  /** Initialises the page as {@code SHARED_RING_INIT} does and takes the front end of it. */
  public static FrontRing create(MemorySegment page, int slotSize) {
    return createAt(page, slotSize, 0);
  }

  /** As {@link #create}, with indices that begin elsewhere. */
  static FrontRing createAt(MemorySegment page, int slotSize, int start) {
    return new FrontRing(page, slotSize, start);
  }

  /** How many requests may be produced now. */
  public int freeRequests() {
    return size() - (requestsProduced - responsesConsumed);
  }

  /**
   * Takes the next request slot; its index. Only when {@link #freeRequests} is not 0. The peer sees
   * it after {@link #pushRequests}.
   */
  public int produceRequest() {
    return requestsProduced++;
  }

  /** Publishes the requests produced. True: the peer wants to be notified. */
  public boolean pushRequests() {
    int old = requestsPushed;
    if (old == requestsProduced) {
      return false;
    }
    requestsPushed = requestsProduced;
    return publish(RingLayout.REQUEST_PRODUCER, RingLayout.REQUEST_EVENT, old, requestsProduced);
  }

  /**
   * How many responses wait; {@link #IMPOSSIBLE} when the backend claims more than was asked for.
   */
  public int unconsumedResponses() {
    int waiting = producer(RingLayout.RESPONSE_PRODUCER) - responsesConsumed;
    int asked = requestsPushed - responsesConsumed;
    return Integer.compareUnsigned(waiting, asked) > 0 ? IMPOSSIBLE : waiting;
  }

  /**
   * Copies the next response out of the page and consumes it; its index. Only when one waits.
   *
   * @param to at least a slot's size, 4-byte aligned
   */
  public int consumeResponse(MemorySegment to) {
    copy(responsesConsumed, to);
    return responsesConsumed++;
  }

  /**
   * Before sleeping: asks for an event at the next response, then looks once more. True: do not
   * sleep, something waits (or the peer's index is impossible).
   */
  public boolean finalCheckForResponses() {
    if (unconsumedResponses() != 0) {
      return true;
    }
    arm(RingLayout.RESPONSE_EVENT, responsesConsumed + 1);
    return unconsumedResponses() != 0;
  }
}
