package org.passerelle.link.os;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import org.passerelle.link.port.Frame;
import org.passerelle.link.port.Offload;
import org.passerelle.link.port.Port;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.wire.VnetHeader;

/**
 * A packet socket on a link (packet(7)): receives what comes in there and sends out of it, with the
 * offloads of a tap, but needs no device file and no root: a veth end in a user namespace of ours
 * will do. The kernel's own protocols on the link see what comes in as well, so it should have no
 * addresses and no IPv6.
 *
 * <p>A frame that comes in while the ring is full, or that does not fit into a slot (gso_max_size
 * 65400 does), is lost, as with any network device.
 */
public final class PacketSocket implements Port {
  private static final int AF_PACKET = 17;
  private static final int SOCK_RAW_NONBLOCK_CLOEXEC = 3 | 0x800 | 0x8_0000;
  private static final int ETH_P_ALL = 3;

  // include/uapi/linux/if_packet.h
  private static final int SOL_PACKET = 263;
  private static final int PACKET_ADD_MEMBERSHIP = 1;
  private static final int PACKET_RX_RING = 5;
  private static final int PACKET_VERSION = 10;
  private static final int PACKET_VNET_HDR = 15;
  private static final int PACKET_QDISC_BYPASS = 20;
  private static final int PACKET_IGNORE_OUTGOING = 23;
  private static final int TPACKET_V2 = 1;
  private static final int PACKET_MR_PROMISC = 1;

  private final String name;
  private final PacketRing ring;
  private final Offload offload = new Offload();
  private final MemorySegment scratch = Arena.ofAuto().allocate(8, 4);
  private int fd;
  private long dropped;

  private PacketSocket(String name, int fd, PacketRing ring) {
    this.name = name;
    this.fd = fd;
    this.ring = ring;
  }

  /**
   * Opens a socket on a link of the calling thread's network namespace; it keeps working from any
   * other.
   *
   * @throws KernelException with operation, errno and remedy
   */
  public static PacketSocket open(String link) {
    return open(link, link);
  }

  /**
   * Opens one on a NIC that others send by, too: its frames wait in the NIC's queue with theirs,
   * and {@link #send} says so when there are too many.
   *
   * @param index the NIC's, which it keeps when it is renamed, and another has its name
   * @param name what it goes by
   */
  public static PacketSocket openQueued(int index, String name) {
    return open(index, name, false);
  }

  /** Opens one that goes by another name than its link's. */
  static PacketSocket open(String link, String name) {
    return open(check("find link " + link, SocketCalls.linkIndex(link)), name, true);
  }

  private static PacketSocket open(int index, String name, boolean past) {
    int fd = SocketCalls.socket(AF_PACKET, SOCK_RAW_NONBLOCK_CLOEXEC, 0);
    check("open a packet socket for " + name, fd);
    try {
      setUp(fd, name, index, past);
      return new PacketSocket(name, fd, PacketRing.map(fd, name));
    } catch (KernelException e) {
      NativeIo.close(fd);
      throw e;
    }
  }

  private static int check(String operation, int result) {
    if (result < 0) {
      throw NativeIo.failure(operation, -result, Remedies.packetSocket(-result));
    }
    return result;
  }

  /** The ring is made after PACKET_VNET_HDR, and the socket bound last: nothing comes in before. */
  private static void setUp(int fd, String name, int index, boolean past) {
    option(fd, "PACKET_VERSION", PACKET_VERSION, TPACKET_V2);
    option(fd, "PACKET_VNET_HDR", PACKET_VNET_HDR, 1);
    option(fd, "PACKET_IGNORE_OUTGOING", PACKET_IGNORE_OUTGOING, 1);
    // A veth has no queue to go by, but one that drops until the kernel has noticed its carrier.
    option(fd, "PACKET_QDISC_BYPASS", PACKET_QDISC_BYPASS, past ? 1 : 0);
    // struct tpacket_req: block size, blocks, frame size, frames
    int block = PacketRing.SLOT * PacketRing.SLOTS_IN_BLOCK;
    int blocks = PacketRing.SLOTS / PacketRing.SLOTS_IN_BLOCK;
    option(fd, "PACKET_RX_RING", PACKET_RX_RING, block, blocks, PacketRing.SLOT, PacketRing.SLOTS);
    // struct packet_mreq: ifindex, type and address length (16 bits each), address[8]; unused
    int promiscuous = shorts(PACKET_MR_PROMISC, 0);
    option(fd, "PACKET_ADD_MEMBERSHIP", PACKET_ADD_MEMBERSHIP, index, promiscuous, 0, 0);
    try (Arena arena = Arena.ofConfined()) {
      // struct sockaddr_ll: family and protocol (big-endian), ifindex, three words unused
      int everything = Short.toUnsignedInt(bigEndian(ETH_P_ALL));
      MemorySegment address =
          arena.allocateFrom(JAVA_INT, shorts(AF_PACKET, everything), index, 0, 0, 0);
      check("bind a packet socket to " + name, SocketCalls.bind(fd, address));
    }
  }

  private static void option(int fd, String what, int option, int... words) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment value = arena.allocateFrom(JAVA_INT, words);
      int result = SocketCalls.setOption(fd, SOL_PACKET, option, value);
      check("set " + what + " of a packet socket", result);
    }
  }

  /** Two 16-bit numbers that follow each other in memory. */
  private static int shorts(int first, int second) {
    boolean little = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    return little ? second << 16 | first : first << 16 | second;
  }

  private static short bigEndian(int value) {
    boolean little = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    return little ? Short.reverseBytes((short) value) : (short) value;
  }

  /** The name that it goes by: the link's when the socket was opened. */
  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean receive(Frame frame) {
    while (ring.hasNext()) {
      if (ring.take(frame) && offload.fromVnetHeader(frame)) {
        return true;
      }
      dropped++;
    }
    // A link that went down leaves an error, which polls ready until somebody asks for it.
    SocketCalls.takeError(fd, scratch);
    return false;
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
    long sent = write(frame);
    if (sent == -Errno.ENETDOWN) {
      sent = write(frame); // may be the error of a time that is over: the first call takes it away
    }
    if (sent == -Errno.EAGAIN) {
      return false;
    }
    if (sent < 0) {
      refused((int) -sent);
      dropped++;
    }
    return true;
  }

  private long write(Frame frame) {
    long octets = VnetHeader.LENGTH + (long) frame.length();
    return NativeIo.write(fd, frame.fromVnetHeader(), octets);
  }

  /** What is wrong with the link for good is thrown: ENXIO says that it was deleted. */
  private void refused(int errno) {
    if (errno == Errno.ENXIO || errno == Errno.ENODEV || errno == Errno.EBADF) {
      throw NativeIo.failure("send from link " + name, errno, Remedies.LINK_GONE);
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

  /** The link stays. */
  @Override
  public void close() {
    if (fd >= 0) {
      ring.close();
      NativeIo.close(fd);
      fd = -1;
    }
  }
}
