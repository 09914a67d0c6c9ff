package org.passerelle.netback.testing;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.memory.GrantAccess;
import org.passerelle.netback.protocol.TxRequest;
import org.passerelle.netback.protocol.TxResponse;

/** A frontend that writes any slot a test wants into its tx ring, and reads what it is answered. */
public final class RawFrontend {
  public static final DomainId GUEST = new DomainId(7);

  public final TestMemory memory;
  public final MemorySegment page;
  private final RawRing ring;

  /** What the backend answered to one request. */
  public record Answer(int id, int status) {}

  public RawFrontend(Arena arena, int start) {
    memory = new TestMemory(arena, 64);
    page = memory.page(memory.allocate());
    ring = new RawRing(page, TxRequest.SIZE, start);
  }

  /** A granted page whose bytes count up from {@code first}; its reference. */
  public int grantedPage(int first) {
    int frame = memory.allocate();
    for (int i = 0; i < 4096; i++) {
      memory.page(frame).set(JAVA_BYTE, i, (byte) (first + i));
    }
    return memory.grant(DomainId.DOM0, frame, GrantAccess.READ_ONLY);
  }

  public RawFrontend request(int reference, int offset, int flags, int id, int size) {
    long at = ring.nextRequest();
    TxRequest.write(page, at, reference, offset, flags, id, size);
    return this;
  }

  /** A slot of any 12 bytes. */
  public RawFrontend raw(int... words) {
    long at = ring.nextRequest();
    for (int i = 0; i < 3; i++) {
      page.set(JAVA_INT, at + 4L * i, words[i]);
    }
    return this;
  }

  /** An extra info: type, flags, GSO size, GSO type. */
  public RawFrontend extra(int type, int flags, int gsoSize, int gsoType) {
    return raw(type | flags << 8 | gsoSize << 16, gsoType, 0);
  }

  public void push() {
    ring.push();
  }

  public List<Answer> answers() {
    List<Answer> answers = new ArrayList<>();
    while (ring.hasResponse()) {
      long at = ring.nextResponse();
      answers.add(new Answer(TxResponse.id(page, at), TxResponse.status(page, at)));
    }
    return answers;
  }
}
