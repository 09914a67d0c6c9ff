package org.passerelle.link.plan;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;

/**
 * The end of a journal, where lines are added. What a kill or a full disk cut off gives way to the
 * next line: glued to it, it would spoil the whole journal.
 */
final class JournalTail {
  private final FileChannel channel;
  private long end;

  /** Whether there may be something behind the end. */
  private boolean torn = true;

  /**
   * @param channel the journal's, locked, for writing
   * @param end octets of whole lines that are in it
   */
  JournalTail(FileChannel channel, long end) {
    this.channel = channel;
    this.end = end;
  }

  /** Where the tail of a journal with this text begins. */
  static long after(String text) {
    return text.lastIndexOf('\n') + 1L;
  }

  /** On return the file has the lines. */
  void add(String lines) throws IOException {
    ByteBuffer octets = ByteBuffer.wrap(lines.getBytes(StandardCharsets.US_ASCII));
    if (torn) {
      channel.truncate(end);
    }
    torn = true;
    long position = end;
    while (octets.hasRemaining()) {
      position += channel.write(octets, position);
    }
    end = position;
    torn = false;
  }
}
