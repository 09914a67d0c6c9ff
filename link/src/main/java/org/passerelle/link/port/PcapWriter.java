package org.passerelle.link.port;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Writes a pcapng file (draft-ietf-opsawg-pcapng): any number of interfaces, nanoseconds,
 * directions. Used by one thread. What a full disk or the like refuses ends the capture, not the
 * traffic: {@link #flush} and {@link #close} report it.
 *
 * <pre>
 *   every block    0 type   4 total length   8 body, padded to 4   n-4 total length
 *   section        8 byte-order magic  12 version 1.0  16 section length (-1: unknown)  24 options
 *   interface      8 link type  10 0  12 snapshot length  16 options
 *   packet         8 interface  12 time, high  16 time, low  20 captured  24 length  28 data, options
 *   option         0 code  2 length  4 value, padded to 4
 * </pre>
 */
public final class PcapWriter implements AutoCloseable {
  private static final int SECTION = 0x0A0D0D0A;
  private static final int INTERFACE = 1;
  private static final int PACKET = 6;

  private static final int BYTE_ORDER_MAGIC = 0x1A2B3C4D;
  private static final short LINKTYPE_ETHERNET = 1;
  private static final int SNAPSHOT_LENGTH = 262_144; // the most that libpcap allows

  private static final short OPTION_END = 0;
  private static final short SECTION_APPLICATION = 4;
  private static final byte[] APPLICATION = "passerelle".getBytes(StandardCharsets.US_ASCII);
  private static final int APPLICATION_AT = 28;
  private static final short INTERFACE_NAME = 2;
  private static final short INTERFACE_TIME_RESOLUTION = 9;
  private static final byte NANOSECONDS = 9;
  private static final short PACKET_FLAGS = 2;
  private static final int INBOUND = 1;
  private static final int OUTBOUND = 2;

  private static final int PACKET_OVERHEAD = 28 + 8 + 4 + 4;
  private static final int BUFFER = 4 * (Frame.MAX_LENGTH + 1);

  private final FileChannel file;
  private final ByteBuffer buffer =
      ByteBuffer.allocateDirect(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
  private final MemorySegment bufferMemory = MemorySegment.ofBuffer(buffer);
  private int interfaces;
  private int block;
  private IOException failure;

  private PcapWriter(FileChannel file) {
    this.file = file;
  }

  /** Starts a new file; an old one is overwritten. */
  public static PcapWriter create(Path path) throws IOException {
    PcapWriter writer =
        new PcapWriter(
            FileChannel.open(
                path,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE));
    writer.section();
    return writer;
  }

  /** Whether a file is one of ours, and nobody has saved it anew. */
  public static boolean wrote(Path path) throws IOException {
    try (InputStream file = Files.newInputStream(path)) {
      byte[] head = file.readNBytes(APPLICATION_AT + APPLICATION.length);
      ByteBuffer values = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
      return head.length == APPLICATION_AT + APPLICATION.length
          && values.getInt(0) == SECTION
          && values.getShort(APPLICATION_AT - 4) == SECTION_APPLICATION
          && values.slice(APPLICATION_AT, APPLICATION.length).equals(ByteBuffer.wrap(APPLICATION));
    }
  }

  /** Adds an interface; what the observer sees is written under this name. */
  public FrameObserver addInterface(String name) {
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    makeRoom(64 + text.length);
    begin(INTERFACE);
    buffer.putShort(LINKTYPE_ETHERNET).putShort((short) 0).putInt(SNAPSHOT_LENGTH);
    buffer.putShort(INTERFACE_NAME).putShort((short) text.length).put(text);
    pad();
    buffer.putShort(INTERFACE_TIME_RESOLUTION).putShort((short) 1).put(NANOSECONDS);
    pad();
    endOptions();
    end();
    int id = interfaces++;
    return (frame, direction, nanos) -> packet(id, frame, direction, nanos);
  }

  private void section() {
    begin(SECTION);
    buffer.putInt(BYTE_ORDER_MAGIC).putShort((short) 1).putShort((short) 0).putLong(-1);
    buffer.putShort(SECTION_APPLICATION).putShort((short) APPLICATION.length).put(APPLICATION);
    pad();
    endOptions();
    end();
  }

  private void packet(int id, Frame frame, FrameObserver.Direction direction, long nanos) {
    int length = frame.length();
    makeRoom(PACKET_OVERHEAD + length + 3);
    begin(PACKET);
    buffer.putInt(id).putInt((int) (nanos >>> 32)).putInt((int) nanos);
    buffer.putInt(length).putInt(length);
    MemorySegment.copy(frame.memory(), Frame.DATA, bufferMemory, buffer.position(), length);
    buffer.position(buffer.position() + length);
    pad();
    buffer.putShort(PACKET_FLAGS).putShort((short) 4);
    buffer.putInt(direction == FrameObserver.Direction.IN ? INBOUND : OUTBOUND);
    endOptions();
    end();
  }

  private void begin(int type) {
    block = buffer.position();
    buffer.putInt(type).putInt(0);
  }

  private void endOptions() {
    buffer.putShort(OPTION_END).putShort((short) 0);
  }

  private void end() {
    int length = buffer.position() + 4 - block;
    buffer.putInt(length);
    buffer.putInt(block + 4, length);
  }

  /** Blocks begin at multiples of 4, so the position in the buffer tells how much is missing. */
  private void pad() {
    while (buffer.position() % 4 != 0) {
      buffer.put((byte) 0);
    }
  }

  private void makeRoom(int octets) {
    if (buffer.remaining() < octets) {
      drain();
    }
  }

  private void drain() {
    buffer.flip();
    try {
      while (failure == null && buffer.hasRemaining()) {
        file.write(buffer);
      }
    } catch (IOException e) {
      failure = e;
    }
    buffer.clear();
  }

  /** Brings everything so far into the file. */
  public void flush() throws IOException {
    drain();
    if (failure != null) {
      throw new IOException("capture file incomplete: " + failure.getMessage(), failure);
    }
  }

  @Override
  public void close() throws IOException {
    try (file) {
      flush();
    }
  }
}
