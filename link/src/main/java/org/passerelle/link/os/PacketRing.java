package org.passerelle.link.os;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import org.passerelle.link.port.Frame;
import org.passerelle.link.wire.EtherType;
import org.passerelle.link.wire.Ethernet;
import org.passerelle.link.wire.VnetHeader;

/**
 * A packet socket's receive ring, shared with the kernel (TPACKET_V2; Linux
 * Documentation/networking/packet_mmap.rst, include/uapi/linux/if_packet.h). Slots are filled in
 * turn.
 *
 * <pre>
 *   0   status u32     4  length u32      8  captured u32   12  mac u16    14  net u16
 *   16  seconds u32   20  nanoseconds    24  vlan_tci u16   26  vlan_tpid u16   …
 *   mac - 10  virtio_net_hdr              mac  the frame
 * </pre>
 *
 * The status says whose the slot is; it is read with acquire and handed back with release, so that
 * the octets are read in between.
 */
@SuppressWarnings("restricted")
final class PacketRing implements AutoCloseable {
  private static final int STATUS = 0;
  private static final int LENGTH = 4;
  private static final int CAPTURED = 8;
  private static final int MAC = 12;
  private static final int VLAN_TCI = 24;
  private static final int VLAN_TPID = 26;

  private static final int TP_STATUS_KERNEL = 0;
  private static final int TP_STATUS_USER = 1;
  private static final int TP_STATUS_VLAN_VALID = 1 << 4;
  private static final int TP_STATUS_VLAN_TPID_VALID = 1 << 6;

  /** Holds a frame of gso_max_size 65400 and the octets before it. */
  static final int SLOT = 1 << 16;

  static final int SLOTS = 128;

  /** Slots that lie in one piece of the kernel's memory. */
  static final int SLOTS_IN_BLOCK = 4;

  private static final long SIZE = (long) SLOT * SLOTS;

  private static final int PROT_READ_WRITE = 3;
  private static final int MAP_SHARED = 1;

  // void *mmap(void *addr, size_t length, int prot, int flags, int fd, off_t offset);
  private static final MethodHandle MMAP =
      NativeIo.function(
          "mmap",
          FunctionDescriptor.of(
              JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
  // int munmap(void *addr, size_t length);
  private static final MethodHandle MUNMAP =
      NativeIo.function("munmap", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));

  private static final VarHandle STATUS_WORD = JAVA_INT.varHandle();

  /** Whoever touches the ring after its end gets an exception, not a fault of the whole process. */
  private final Arena arena = Arena.ofShared();

  private final MemorySegment memory;
  private int next;

  private PacketRing(long address) {
    memory = MemorySegment.ofAddress(address).reinterpret(SIZE, arena, PacketRing::unmap);
  }

  /** Maps the ring of a socket that has one. */
  static PacketRing map(int fd, String link) {
    MemorySegment state = NativeIo.state();
    long address;
    try {
      address =
          NativeIo.result(
              (long)
                  MMAP.invokeExact(
                      state, MemorySegment.NULL, SIZE, PROT_READ_WRITE, MAP_SHARED, fd, 0L),
              state);
    } catch (Throwable e) {
      throw NativeIo.unexpected(e);
    }
    if (address < 0) {
      throw NativeIo.failure("map the packet ring of " + link, (int) -address, "");
    }
    return new PacketRing(address);
  }

  /** True when the kernel has filled the next slot. */
  boolean hasNext() {
    return (status() & TP_STATUS_USER) != 0;
  }

  private int status() {
    return (int) STATUS_WORD.getAcquire(memory, slot() + STATUS);
  }

  private long slot() {
    return (long) next * SLOT;
  }

  /**
   * Copies the next slot's frame and its {@code virtio_net_hdr}, and hands the slot back. A tag
   * that the kernel has taken out of the frame is put in again.
   *
   * @return false when the frame did not fit into its slot, or does not into ours
   */
  boolean take(Frame frame) {
    boolean whole = copy(frame, slot(), status());
    STATUS_WORD.setRelease(memory, slot() + STATUS, TP_STATUS_KERNEL);
    next = (next + 1) % SLOTS;
    return whole;
  }

  private boolean copy(Frame frame, long slot, int status) {
    int length = memory.get(JAVA_INT, slot + CAPTURED);
    boolean tagged = (status & TP_STATUS_VLAN_VALID) != 0;
    if (length != memory.get(JAVA_INT, slot + LENGTH)
        || length + (tagged ? Ethernet.TAG : 0) > Frame.MAX_LENGTH) {
      return false;
    }
    long data = slot + u16(slot + MAC);
    MemorySegment.copy(
        memory,
        data - VnetHeader.LENGTH,
        frame.memory(),
        Frame.VNET_HEADER,
        VnetHeader.LENGTH + (tagged ? Ethernet.ADDRESSES : length));
    frame.length(length);
    if (tagged) {
      copyBehindTag(frame, data, length);
      boolean known = (status & TP_STATUS_VLAN_TPID_VALID) != 0;
      int type = known ? u16(slot + VLAN_TPID) : EtherType.VLAN;
      Ethernet.emitTag(frame.memory(), Frame.DATA, type, u16(slot + VLAN_TCI));
    }
    return true;
  }

  private void copyBehindTag(Frame frame, long data, int length) {
    MemorySegment to = frame.memory();
    MemorySegment.copy(
        memory,
        data + Ethernet.ADDRESSES,
        to,
        Frame.DATA + (long) Ethernet.ADDRESSES + Ethernet.TAG,
        length - Ethernet.ADDRESSES);
    frame.length(length + Ethernet.TAG);
    VnetHeader.shift(to, Frame.VNET_HEADER, Ethernet.TAG);
  }

  private int u16(long at) {
    return memory.get(JAVA_SHORT, at) & 0xFFFF;
  }

  private static void unmap(MemorySegment memory) {
    try {
      int ignored = (int) MUNMAP.invokeExact(NativeIo.state(), memory, SIZE);
    } catch (Throwable e) {
      throw NativeIo.unexpected(e);
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}
