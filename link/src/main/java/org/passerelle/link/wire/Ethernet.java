package org.passerelle.link.wire;

import java.lang.foreign.MemorySegment;

/**
 * A view of an Ethernet header (IEEE 802.3 3.1.1) and its 802.1Q tag. Whoever calls has made sure
 * that {@link #HEADER} octets, or {@link #TAGGED_HEADER}, are there.
 *
 * <pre>
 *   0             6        12     14
 *   | destination | source | type | payload
 *   0             6        12     14    16     18
 *   | destination | source | 8100 | TCI | type | payload
 * </pre>
 */
public final class Ethernet {
  private static final int DESTINATION = 0;
  private static final int SOURCE = DESTINATION + MacAddress.LENGTH;
  private static final int TYPE = SOURCE + MacAddress.LENGTH;
  private static final int TCI = TYPE + 2;

  /** Octets before an untagged frame's payload. */
  public static final int HEADER = TYPE + 2;

  /** Octets of the two addresses; a tag goes right behind them. */
  public static final int ADDRESSES = TYPE;

  /** Octets that a tag adds. */
  public static final int TAG = 4;

  public static final int TAGGED_HEADER = HEADER + TAG;

  private Ethernet() {}

  /** The destination's 48 bits, as in {@link MacAddress#bits()}. */
  public static long destination(MemorySegment memory, long at) {
    return Octets.u48(memory, at + DESTINATION);
  }

  /** The source's 48 bits. */
  public static long source(MemorySegment memory, long at) {
    return Octets.u48(memory, at + SOURCE);
  }

  /** The outermost type (or 802.3 length). */
  public static int type(MemorySegment memory, long at) {
    return Octets.u16(memory, at + TYPE);
  }

  /** The outermost tag's control information; only where {@link #type} is a tag's. */
  public static int tci(MemorySegment memory, long at) {
    return Octets.u16(memory, at + TCI);
  }

  /** Writes an untagged header. */
  public static void emit(
      MemorySegment memory, long at, MacAddress destination, MacAddress source, int type) {
    Octets.put48(memory, at + DESTINATION, destination.bits());
    Octets.put48(memory, at + SOURCE, source.bits());
    Octets.put16(memory, at + TYPE, type);
  }

  /**
   * Writes the four octets of a tag behind the addresses. What was there is overwritten: the caller
   * has moved it.
   */
  public static void emitTag(MemorySegment memory, long at, int tagType, int tci) {
    Octets.put16(memory, at + TYPE, tagType);
    Octets.put16(memory, at + TCI, tci);
  }
}
