package org.passerelle.hypervisor.domain;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Gives out domain ids: they count up from 1 and none is given out twice, across restarts too. The
 * last one is kept in a file of six bytes, five decimal digits and a newline, which is written
 * before the id is handed out, and locked as long as this object lives: two hypervisors on one file
 * would give out the same ids.
 *
 * <p>Six bytes are written by one call at offset 0, so a killed process leaves the old number or
 * the new one.
 */
public final class DomainIds implements AutoCloseable {
  private static final int LENGTH = 6;

  private final Path file;
  private final FileChannel channel;
  private int last;

  private DomainIds(Path file, FileChannel channel, int last) {
    this.file = file;
    this.channel = channel;
    this.last = last;
  }

  /**
   * Opens the count kept in {@code file}, making the file when it is absent. Throws when another
   * process has it, or when it holds anything but a count.
   */
  public static DomainIds open(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      lock(file, channel);
      return new DomainIds(file, channel, read(file, channel));
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** The next id. Throws {@link IllegalStateException} when all have been given out. */
  public synchronized DomainId next() throws IOException {
    if (last + 1 >= DomainId.FIRST_RESERVED) {
      throw new IllegalStateException(
          "next domain id of " + file + ": all " + last + " are used up; take a new run directory");
    }
    write(last + 1);
    last++;
    return new DomainId(last);
  }

  private void write(int id) throws IOException {
    byte[] text = "%05d\n".formatted(id).getBytes(StandardCharsets.US_ASCII);
    int written = channel.write(ByteBuffer.wrap(text), 0);
    if (written != LENGTH) {
      throw new IOException("write " + file + ": " + written + " of " + LENGTH + " bytes written");
    }
  }

  private static void lock(Path file, FileChannel channel) throws IOException {
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      throw new IOException(
          "lock " + file + ": another hypervisor runs there; stop it, or take another directory");
    }
  }

  private static int read(Path file, FileChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(LENGTH + 1);
    channel.read(bytes, 0);
    String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII);
    if (text.isEmpty()) {
      return 0;
    }
    if (!text.matches("[0-9]{5}\n")) {
      throw new IOException(
          "read " + file + ": not a domain id; write the last id used there, as five digits");
    }
    return Integer.parseInt(text.strip());
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
