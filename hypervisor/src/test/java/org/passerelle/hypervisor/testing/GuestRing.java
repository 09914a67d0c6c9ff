package org.passerelle.hypervisor.testing;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A domain's own connection to the C xenstored, by the page that the two share ({@code struct
 * xenstore_domain_interface} of Xen's {@code io/xs_wire.h}): two rings of octets and their indices,
 * which count on for ever.
 *
 * <pre>
 *  0        1024      2048     2052     2056     2060
 *  | requests | answers | req_cons | req_prod | rsp_cons | rsp_prod |
 * </pre>
 */
public final class GuestRing implements Wire {
  private static final int SIZE = 1024;
  private static final int REQUESTS = 0;
  private static final int ANSWERS = REQUESTS + SIZE;
  private static final int REQUEST_CONSUMER = ANSWERS + SIZE;
  private static final int REQUEST_PRODUCER = REQUEST_CONSUMER + Integer.BYTES;
  private static final int ANSWER_CONSUMER = REQUEST_PRODUCER + Integer.BYTES;
  private static final int ANSWER_PRODUCER = ANSWER_CONSUMER + Integer.BYTES;
  private static final int PAGE = 4096;
  private static final VarHandle INDEX = ValueLayout.JAVA_INT.varHandle();

  private final Arena arena = Arena.ofShared();
  private final MemorySegment page;
  private final Bell bell;

  /** Has the daemon look at the rings. */
  @FunctionalInterface
  public interface Bell {
    void ring() throws IOException;
  }

  private GuestRing(FileChannel file, Bell bell) throws IOException {
    page = file.map(FileChannel.MapMode.READ_WRITE, 0, PAGE, arena);
    this.bell = bell;
  }

  /** The page of a domain that begins to exist herewith; the toolstack introduces it next. */
  public static GuestRing create(Path runDirectory, int domain, Bell bell) throws IOException {
    Path path = runDirectory.resolve("ring-" + domain);
    try (FileChannel file =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return new GuestRing(file, bell);
    }
  }

  @Override
  public void send(byte[] octets) throws IOException {
    int producer = (int) INDEX.getAcquire(page, (long) REQUEST_PRODUCER);
    for (byte octet : octets) {
      while (producer - (int) INDEX.getAcquire(page, (long) REQUEST_CONSUMER) == SIZE) {
        bell.ring();
      }
      page.set(ValueLayout.JAVA_BYTE, REQUESTS + (producer & SIZE - 1), octet);
      INDEX.setRelease(page, (long) REQUEST_PRODUCER, ++producer);
    }
  }

  @Override
  public byte[] receive(int length) throws IOException {
    byte[] octets = new byte[length];
    int consumer = (int) INDEX.getAcquire(page, (long) ANSWER_CONSUMER);
    for (int i = 0; i < length; i++) {
      while ((int) INDEX.getAcquire(page, (long) ANSWER_PRODUCER) == consumer) {
        bell.ring();
      }
      octets[i] = page.get(ValueLayout.JAVA_BYTE, ANSWERS + (consumer & SIZE - 1));
      INDEX.setRelease(page, (long) ANSWER_CONSUMER, ++consumer);
    }
    return octets;
  }

  @Override
  public void close() {
    arena.close();
  }
}
