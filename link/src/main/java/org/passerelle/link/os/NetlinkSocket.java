package org.passerelle.link.os;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.passerelle.link.netlink.NetlinkException;
import org.passerelle.link.netlink.NetlinkTransport;
import org.passerelle.link.rtnl.KernelException;

/**
 * A netlink socket. It belongs to the network namespace of the thread that opened it, for good,
 * whichever thread uses it later. Not thread safe.
 */
final class NetlinkSocket implements NetlinkTransport {
  /** NETLINK_ROUTE, NETLINK_NETFILTER and NETLINK_GENERIC (linux/netlink.h). */
  static final int ROUTE = 0;

  static final int NETFILTER = 12;
  static final int GENERIC = 16;

  private static final int SOL_NETLINK = 270;
  private static final int CAP_ACK = 10;
  private static final int EXT_ACK = 11;
  private static final int GET_STRICT_CHK = 12;
  private static final int MSG_TRUNC = 0x20;
  private static final int MSG_DONTWAIT = 0x40;

  /** The kernel's dumps come in datagrams of up to 32 KiB (netlink_dump in af_netlink.c). */
  private static final int BUFFER = 64 << 10;

  /** Room for the answers to come; the kernel bounds it by net.core.rmem_max. */
  private static final int QUEUE = 1 << 20;

  /** The kernel answers before the send call returns; this is for one that never does. */
  private static final int PATIENCE_SECONDS = 30;

  /** struct sockaddr_nl: u16 family, u16 pad, u32 port, u32 groups; port 0 is the kernel. */
  private static final int ADDRESS = 12;

  private static final int GROUPS = 8;

  private int descriptor;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
  private final byte[] kernel = new byte[ADDRESS];
  private final byte[] sender = new byte[ADDRESS];

  private NetlinkSocket(int descriptor) {
    this.descriptor = descriptor;
    ByteBuffer.wrap(kernel).order(ByteOrder.nativeOrder()).putShort(0, (short) Libc.AF_NETLINK);
  }

  /** Opens a socket of this netlink family in the calling thread's namespace. */
  static NetlinkSocket open(int family) {
    int fd = Libc.socket(Libc.AF_NETLINK, Libc.SOCK_RAW, family, "open a netlink socket");
    NetlinkSocket socket = new NetlinkSocket(fd);
    socket.option(Libc.SOL_SOCKET, Libc.SO_RCVBUF, QUEUE);
    socket.option(SOL_NETLINK, CAP_ACK, 1);
    socket.option(SOL_NETLINK, EXT_ACK, 1);
    socket.option(SOL_NETLINK, GET_STRICT_CHK, 1);
    Libc.setsockopt(
        fd, Libc.SOL_SOCKET, Libc.SO_RCVTIMEO, Sockets.timeval(PATIENCE_SECONDS * 1000L));
    return socket;
  }

  /**
   * Opens a socket that is told what happens, in the calling thread's namespace.
   *
   * @param groups RTMGRP_* bits of linux/rtnetlink.h
   */
  static NetlinkSocket subscribe(int family, int groups) {
    NetlinkSocket socket = open(family);
    byte[] own =
        ByteBuffer.wrap(socket.kernel.clone())
            .order(ByteOrder.nativeOrder())
            .putInt(GROUPS, groups)
            .array();
    try {
      Libc.bind(socket.descriptor, own, "subscribe to netlink groups " + groups);
      return socket;
    } catch (KernelException e) {
      socket.close();
      throw e;
    }
  }

  int descriptor() {
    return descriptor;
  }

  /** Kernels that do not know an option work without it: shorter answers, texts, checks. */
  private void option(int level, int name, int value) {
    Libc.setsockopt(descriptor, level, name, Sockets.integer(value));
  }

  @Override
  public void send(byte[] datagram) {
    if (Libc.sendto(descriptor, datagram, kernel) < 0) {
      throw new NetlinkException(Libc.errno(), "sending to the netlink socket");
    }
  }

  @Override
  public ByteBuffer receive() {
    return receive(MSG_TRUNC);
  }

  /** The next datagram if one is there; else EAGAIN, and ENOBUFS once when some were lost. */
  ByteBuffer receiveNow() {
    return receive(MSG_TRUNC | MSG_DONTWAIT);
  }

  private ByteBuffer receive(int flags) {
    while (true) {
      long length = Libc.recvfrom(descriptor, buffer, flags, sender);
      if (length < 0) {
        throw new NetlinkException(Libc.errno(), "receiving from the netlink socket");
      }
      if (length > BUFFER) {
        throw new NetlinkException(Errno.EMSGSIZE, "a netlink datagram of " + length + " octets");
      }
      if (ByteBuffer.wrap(sender).getInt(4) == 0) {
        byte[] datagram = new byte[(int) length];
        buffer.get(0, datagram);
        return ByteBuffer.wrap(datagram);
      }
    }
  }

  @Override
  public void close() {
    Libc.close(descriptor);
    descriptor = -1;
  }
}
