package org.passerelle.link.os;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The loopback device of the calling thread's namespace, by plain ioctls. {@link NetlinkKernel} can
 * do the same; this way the JDK's network library is not loaded, which looks once, when it is
 * loaded, whether there is an IPv6 address, and does without IPv6 ever after when there is none
 * (IPv6_supported in the JDK's net_util_md.c).
 */
public final class Loopback {
  private static final String NAME = "lo";

  /** struct ifreq: a name of 16 octets, then a union of which we use the flags. */
  private static final int IFREQ = 40;

  private static final int IFREQ_FLAGS = 16;

  // linux/sockios.h
  private static final long SIOCGIFFLAGS = 0x8913;
  private static final long SIOCSIFFLAGS = 0x8914;

  private static final int AF_INET = 2;
  private static final int SOCK_DGRAM = 2;
  private static final short IFF_UP = 1;

  private Loopback() {}

  /**
   * Sets it up.
   *
   * @return false when that is not allowed
   */
  public static boolean up() {
    int socket = SocketCalls.socket(AF_INET, SOCK_DGRAM, 0);
    if (socket < 0) {
      return false;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment request = arena.allocate(IFREQ);
      request.setString(0, NAME);
      if (NativeIo.ioctl(socket, SIOCGIFFLAGS, request) < 0) {
        return false;
      }
      short flags = request.get(ValueLayout.JAVA_SHORT, IFREQ_FLAGS);
      request.set(ValueLayout.JAVA_SHORT, IFREQ_FLAGS, (short) (flags | IFF_UP));
      return NativeIo.ioctl(socket, SIOCSIFFLAGS, request) >= 0;
    } finally {
      NativeIo.close(socket);
    }
  }
}
