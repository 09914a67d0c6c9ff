package org.passerelle.link.os;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.function.IntFunction;
import org.passerelle.link.port.Frame;
import org.passerelle.link.port.LinkPort;
import org.passerelle.link.port.Offload;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.wire.VnetHeader;

/**
 * A tap: a link of the kernel's whose other end we are. It goes with its descriptor, at the latest
 * with the process, unless it was told to stay. Each frame and its {@code virtio_net_hdr} move in
 * one call, without allocation.
 *
 * <p>The link is made in the calling thread's network namespace and keeps working from any other.
 * Its gso_max_size has to stay under {@link Frame#MAX_LENGTH}: a longer frame is dropped.
 */
public final class Tap implements LinkPort {
  /** struct ifreq: a name of 16 octets, then a union of which we use the flags. */
  private static final int IFREQ = 40;

  private static final int IFREQ_FLAGS = 16;

  /** A link's name has one octet less: C's terminator. */
  private static final int IFNAMSIZ = 16;

  // include/uapi/linux/if_tun.h
  private static final long TUNSETIFF = 0x4004_54CAL;
  private static final long TUNSETPERSIST = 0x4004_54CBL;
  private static final long TUNSETOFFLOAD = 0x4004_54D0L;
  private static final long TUNSETVNETHDRSZ = 0x4004_54D8L;
  private static final long TUNSETCARRIER = 0x4004_54E2L;
  private static final int IFF_TAP = 0x0002;
  private static final int IFF_NO_PI = 0x1000;
  private static final int IFF_VNET_HDR = 0x4000;
  private static final int IFF_TUN_EXCL = 0x8000;
  private static final int TUN_F_CSUM = 0x01;
  private static final int TUN_F_TSO4 = 0x02;
  private static final int TUN_F_TSO6 = 0x04;

  private static final String DEVICE = "/dev/net/tun";
  private static final int O_RDWR = 2;
  private static final int O_NONBLOCK = 0x800;
  private static final int O_CLOEXEC = 0x8_0000;

  private final String name;
  private final Offload offload = new Offload();
  private int fd;
  private long dropped;

  private Tap(String name, int fd) {
    this.name = name;
    this.fd = fd;
  }

  /** How one comes to have a tap's other end. */
  private record Way(String operation, int flag, IntFunction<String> remedy) {
    static final Way MAKE = new Way("make tap ", IFF_TUN_EXCL, Remedies::makeTap);
    static final Way ATTACH = new Way("attach to tap ", 0, Remedies::attachTap);
  }

  /**
   * Makes a tap, down, without offloads.
   *
   * @param name 1 to 15 octets; {@code %d} in it becomes a free number
   * @throws KernelException with operation, errno and remedy
   */
  public static Tap open(String name) {
    return open(name, Way.MAKE);
  }

  /**
   * Takes the other end of one that stayed, and that nobody else has.
   *
   * @param index its number, which tells it from another one that has got its name
   * @throws KernelException EBUSY when somebody has it
   */
  public static Tap attach(String name, int index) {
    Tap tap = open(name, Way.ATTACH);
    if (SocketCalls.linkIndex(name) != index) {
      tap.close();
      throw NativeIo.failure(Way.ATTACH.operation + name, Errno.ENODEV, Remedies.LINK_GONE);
    }
    return tap;
  }

  private static Tap open(String name, Way way) {
    checkName(name);
    int fd = NativeIo.open(DEVICE, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) {
      throw NativeIo.failure("open " + DEVICE + " for " + name, -fd, Remedies.openTun(-fd));
    }
    try {
      return new Tap(name(fd, name, way), fd);
    } catch (KernelException e) {
      NativeIo.close(fd);
      throw e;
    }
  }

  private static void checkName(String name) {
    int octets = name.getBytes(StandardCharsets.UTF_8).length;
    if (octets == 0 || octets >= IFNAMSIZ) {
      throw new IllegalArgumentException("link name \"" + name + "\" is not of 1 to 15 octets");
    }
  }

  private static String name(int fd, String name, Way way) {
    int flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR | way.flag;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment request = arena.allocate(IFREQ);
      request.setString(0, name);
      request.set(ValueLayout.JAVA_SHORT, IFREQ_FLAGS, (short) flags);
      check(way.operation + name, NativeIo.ioctl(fd, TUNSETIFF, request), way.remedy);
      MemorySegment size = arena.allocateFrom(ValueLayout.JAVA_INT, VnetHeader.LENGTH);
      check("set header size of tap " + name, NativeIo.ioctl(fd, TUNSETVNETHDRSZ, size));
      return request.getString(0);
    }
  }

  private static void check(String operation, int result) {
    check(operation, result, Remedies::makeTap);
  }

  private static void check(String operation, int result, IntFunction<String> remedy) {
    if (result < 0) {
      throw NativeIo.failure(operation, -result, remedy.apply(-result));
    }
  }

  /** From now on it stays when this is closed, until somebody deletes the link. */
  public void stay() {
    check("keep tap " + name, NativeIo.ioctl(fd, TUNSETPERSIST, 1L));
  }

  @Override
  public void offloads(boolean checksum, boolean tsoV4, boolean tsoV6) {
    int flags = 0;
    if (checksum) {
      flags = TUN_F_CSUM | (tsoV4 ? TUN_F_TSO4 : 0) | (tsoV6 ? TUN_F_TSO6 : 0);
    }
    check("set offloads of tap " + name, NativeIo.ioctl(fd, TUNSETOFFLOAD, (long) flags));
  }

  @Override
  public void carrier(boolean on) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment value = arena.allocateFrom(ValueLayout.JAVA_INT, on ? 1 : 0);
      check("set carrier of tap " + name, NativeIo.ioctl(fd, TUNSETCARRIER, value));
    }
  }

  /** The link's name when it was made. */
  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean receive(Frame frame) {
    MemorySegment buffer = frame.fromVnetHeader();
    while (true) {
      long got = NativeIo.read(fd, buffer, buffer.byteSize());
      if (got < 0) {
        refused("read from", (int) -got);
        return false;
      }
      long length = got - VnetHeader.LENGTH;
      if (length <= Frame.MAX_LENGTH) {
        frame.length((int) length);
        if (offload.fromVnetHeader(frame)) {
          return true;
        }
      }
      dropped++;
    }
  }

  /**
   * Sends a frame. One that the kernel refuses, because its link is down for example, is dropped.
   */
  @Override
  public boolean send(Frame frame) {
    if (!offload.toVnetHeader(frame)) {
      dropped++;
      return true;
    }
    long octets = VnetHeader.LENGTH + (long) frame.length();
    long sent = NativeIo.write(fd, frame.fromVnetHeader(), octets);
    if (sent == -Errno.EAGAIN) {
      return false;
    }
    if (sent < 0) {
      refused("write to", (int) -sent);
      dropped++;
    }
    return true;
  }

  /** What is wrong with the link for good is thrown: EBADFD is the driver's word for "deleted". */
  private void refused(String operation, int errno) {
    if (errno == Errno.EBADFD || errno == Errno.EBADF) {
      throw NativeIo.failure(operation + " tap " + name, errno, Remedies.LINK_GONE);
    }
  }

  /** Frames dropped: too long, refused by the kernel, or not what their metadata say. */
  public long dropped() {
    return dropped;
  }

  @Override
  public int descriptor() {
    return fd;
  }

  /** Deletes the link, unless it is to stay. */
  @Override
  public void close() {
    if (fd >= 0) {
      NativeIo.close(fd);
      fd = -1;
    }
  }
}
