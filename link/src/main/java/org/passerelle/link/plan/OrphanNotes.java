package org.passerelle.link.plan;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;

/**
 * Notes in an orphaned journal what has been undone of it, so that a later recovery goes on from
 * there. A line that was cut off, its owner's or one of ours, gives way to the next.
 */
final class OrphanNotes {
  private final FileChannel channel;
  private long end;

  /**
   * @param channel the journal's, locked, for writing
   * @param text all that is in it
   */
  OrphanNotes(FileChannel channel, String text) {
    this.channel = channel;
    this.end = text.lastIndexOf('\n') + 1L;
  }

  /** On return the note is on disk. */
  void undone(int step) throws IOException {
    ByteBuffer octets =
        ByteBuffer.wrap(JournalFormat.undone(step).getBytes(StandardCharsets.US_ASCII));
    channel.truncate(end);
    long position = end;
    while (octets.hasRemaining()) {
      position += channel.write(octets, position);
    }
    channel.force(false);
    end = position;
  }
}
