package org.passerelle.link.port;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.passerelle.link.wire.Ethernet;
import org.passerelle.link.wire.FrameText;
import org.passerelle.link.wire.VnetHeader;

/**
 * One Ethernet frame in memory of our own, with the offload metadata that travels beside it. Reused
 * for frame after frame; owned by one thread.
 *
 * <pre>
 *   0            54                  64
 *   |  headroom  |  virtio_net_hdr   |  Ethernet frame, up to 65,535 bytes, with room for a tag
 * </pre>
 *
 * The {@code virtio_net_hdr} (10 bytes) lies right before the frame, so that a tap reads and writes
 * both in one call.
 */
public final class Frame {
  /** Where the frame's first octet lies in {@link #memory()}. */
  public static final int DATA = 64;

  /** The longest frame: Xen's slot sizes have 16 bits. */
  public static final int MAX_LENGTH = 65535;

  /** Where the {@code virtio_net_hdr} lies in {@link #memory()}. */
  public static final int VNET_HEADER = DATA - VnetHeader.LENGTH;

  private final MemorySegment memory;
  private final MemorySegment fromVnetHeader;
  private int length;
  private boolean checksumBlank;
  private boolean dataValidated;
  private Gso gso = Gso.NONE;
  private int gsoSize;

  /** A frame in memory of the arena's life time. */
  public Frame(Arena arena) {
    this.memory = arena.allocate(DATA + MAX_LENGTH + 9L, 64);
    this.fromVnetHeader = memory.asSlice(VNET_HEADER);
  }

  /** The whole buffer; the frame's octets begin at {@link #DATA}. */
  public MemorySegment memory() {
    return memory;
  }

  /** The buffer from the {@code virtio_net_hdr} on: what one read or write call takes. */
  public MemorySegment fromVnetHeader() {
    return fromVnetHeader;
  }

  /** The frame's octets. */
  public MemorySegment data() {
    return memory.asSlice(DATA, length);
  }

  public int length() {
    return length;
  }

  public void length(int newLength) {
    if (newLength < 0 || newLength > MAX_LENGTH) {
      throw new IllegalArgumentException("frame length " + newLength);
    }
    length = newLength;
  }

  /**
   * The TCP or UDP checksum field holds the pseudo-header's sum only: whoever sends it on fills it
   * in.
   */
  public boolean checksumBlank() {
    return checksumBlank;
  }

  /** The checksum is known to be right (or blank, and the frame never crossed a wire). */
  public boolean dataValidated() {
    return dataValidated;
  }

  public void checksum(boolean blank, boolean validated) {
    checksumBlank = blank;
    dataValidated = validated;
  }

  public Gso gso() {
    return gso;
  }

  /** Payload bytes a segment (MSS) of a GSO frame; 0 otherwise. */
  public int gsoSize() {
    return gsoSize;
  }

  public void gso(Gso type, int segmentSize) {
    gso = type;
    gsoSize = segmentSize;
  }

  /** Takes over another frame's octets and metadata. */
  public void copyFrom(Frame other) {
    MemorySegment.copy(other.memory, DATA, memory, DATA, other.length);
    length = other.length;
    checksumBlank = other.checksumBlank;
    dataValidated = other.dataValidated;
    gso = other.gso;
    gsoSize = other.gsoSize;
  }

  /**
   * Puts a tag behind the addresses. The frame has an Ethernet header.
   *
   * @return false, and nothing happens, when it is too long for that
   */
  public boolean insertTag(int type, int tci) {
    if (length + Ethernet.TAG > MAX_LENGTH) {
      return false;
    }
    long rest = DATA + Ethernet.ADDRESSES;
    MemorySegment.copy(memory, rest, memory, rest + Ethernet.TAG, length - Ethernet.ADDRESSES);
    Ethernet.emitTag(memory, DATA, type, tci);
    length += Ethernet.TAG;
    return true;
  }

  /** Takes the outermost tag out. The frame has one. */
  public void removeTag() {
    long rest = DATA + Ethernet.ADDRESSES;
    length -= Ethernet.TAG;
    MemorySegment.copy(memory, rest + Ethernet.TAG, memory, rest, length - Ethernet.ADDRESSES);
  }

  /** Forgets length and metadata; the octets stay. */
  public void clear() {
    length = 0;
    checksum(false, false);
    gso(Gso.NONE, 0);
  }

  /** The frame in one line, with its metadata. */
  @Override
  public String toString() {
    String text = FrameText.of(memory, DATA, length);
    String checksum = checksumBlank ? " [checksum blank]" : "";
    return text + checksum + (gso == Gso.NONE ? "" : " [" + gso + " " + gsoSize + "]");
  }

  /** The kind of a frame that is to be cut into segments by whoever cannot carry it whole. */
  public enum Gso {
    NONE,
    TCP_V4,
    TCP_V6
  }
}
