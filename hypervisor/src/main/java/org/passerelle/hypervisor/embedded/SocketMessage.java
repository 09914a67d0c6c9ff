package org.passerelle.hypervisor.embedded;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code struct msghdr} of recvmsg(2) on 64-bit Linux, with one {@code struct iovec} and room for
 * one {@code struct cmsghdr} of type SCM_RIGHTS. In the machine's own byte order.
 *
 * <pre>
 *   msghdr   0 name *    8 namelen u32   16 iov *      24 iovlen u64   32 control *
 *           40 controllen u64           48 flags s32
 *   iovec    0 base *    8 len u64
 *   cmsghdr  0 len u64   8 level s32    12 type s32    16 descriptors s32[]
 * </pre>
 */
final class SocketMessage {
  private static final long IOV = 16;
  private static final long IOVLEN = IOV + 8;
  private static final long CONTROL = IOVLEN + 8;
  private static final long CONTROLLEN = CONTROL + 8;
  private static final long FLAGS = CONTROLLEN + 8;
  private static final long HEADER_SIZE = FLAGS + 8;

  private static final long LEVEL = 8;
  private static final long TYPE = LEVEL + 4;
  private static final long DESCRIPTORS = TYPE + 4;
  private static final int SOL_SOCKET = 1;
  private static final int SCM_RIGHTS = 1;

  /** Something did not fit: the packet, or the descriptors that came with it. */
  private static final int MSG_TRUNC = 0x20;

  private static final int MSG_CTRUNC = 8;

  private final MemorySegment header;
  private final MemorySegment control;

  private SocketMessage(Arena arena, MemorySegment octets, MemorySegment control) {
    this.control = control;
    MemorySegment vector = arena.allocateFrom(JAVA_LONG, octets.address(), octets.byteSize());
    header = arena.allocate(HEADER_SIZE, 8);
    header.set(ADDRESS, IOV, vector);
    header.set(JAVA_LONG, IOVLEN, 1);
    header.set(ADDRESS, CONTROL, control);
    header.set(JAVA_LONG, CONTROLLEN, control.byteSize());
  }

  /** To send octets, and descriptors along with them. */
  static SocketMessage sending(Arena arena, MemorySegment octets, List<Integer> descriptors) {
    if (descriptors.isEmpty()) {
      return new SocketMessage(arena, octets, MemorySegment.NULL);
    }
    long length = DESCRIPTORS + 4L * descriptors.size();
    MemorySegment control = arena.allocate((length + 7) & -8, 8);
    control.set(JAVA_LONG, 0, length);
    control.set(JAVA_INT, LEVEL, SOL_SOCKET);
    control.set(JAVA_INT, TYPE, SCM_RIGHTS);
    for (int i = 0; i < descriptors.size(); i++) {
      control.set(JAVA_INT, DESCRIPTORS + 4L * i, descriptors.get(i));
    }
    return new SocketMessage(arena, octets, control);
  }

  /** To receive octets, and at most so many descriptors. */
  static SocketMessage receiving(Arena arena, MemorySegment octets, int descriptors) {
    MemorySegment control =
        descriptors == 0
            ? MemorySegment.NULL
            : arena.allocate((DESCRIPTORS + 4L * descriptors + 7) & -8, 8);
    return new SocketMessage(arena, octets, control);
  }

  MemorySegment header() {
    return header;
  }

  /** Whether something that was received did not fit. */
  boolean wasCut() {
    return (header.get(JAVA_INT, FLAGS) & (MSG_TRUNC | MSG_CTRUNC)) != 0;
  }

  /** The descriptors that were received: the caller's to close. */
  List<Integer> descriptors() {
    List<Integer> received = new ArrayList<>();
    boolean some = header.get(JAVA_LONG, CONTROLLEN) > DESCRIPTORS;
    if (some && control.get(JAVA_INT, TYPE) == SCM_RIGHTS) {
      long end = control.get(JAVA_LONG, 0);
      for (long at = DESCRIPTORS; at < end; at += 4) {
        received.add(control.get(JAVA_INT, at));
      }
    }
    return received;
  }
}
