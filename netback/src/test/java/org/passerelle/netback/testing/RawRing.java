package org.passerelle.netback.testing;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;

/**
 * A frontend's ring of 256 slots with nothing but the offsets of Xen's {@code io/ring.h}, so that a
 * test may do in it what ours never would; its indices begin where the test says.
 */
public final class RawRing {
  private static final int SIZE = 256;

  private final MemorySegment page;
  private final int slotSize;
  private int requests;
  private int responses;

  public RawRing(MemorySegment page, int slotSize, int start) {
    this.page = page;
    this.slotSize = slotSize;
    requests = start;
    responses = start;
    page.fill((byte) 0);
    page.set(JAVA_INT, 0, start);
    page.set(JAVA_INT, 4, start + 1);
    page.set(JAVA_INT, 8, start);
    page.set(JAVA_INT, 12, start + 1);
  }

  /** Where the next request's slot begins. */
  public long nextRequest() {
    return slot(requests++);
  }

  public void push() {
    page.set(JAVA_INT, 0, requests);
  }

  public boolean hasResponse() {
    return page.get(JAVA_INT, 8) != responses;
  }

  /** Where the next response's slot begins. */
  public long nextResponse() {
    return slot(responses++);
  }

  private long slot(int index) {
    return 64 + (long) (index & SIZE - 1) * slotSize;
  }
}
