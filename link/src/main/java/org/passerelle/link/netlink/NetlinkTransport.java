package org.passerelle.link.netlink;

import java.nio.ByteBuffer;

/** What carries datagrams to the kernel and back: a netlink socket, or a script of a test. */
public interface NetlinkTransport extends AutoCloseable {

  /**
   * Sends one datagram.
   *
   * @throws NetlinkException with the socket's errno
   */
  void send(byte[] datagram);

  /**
   * Waits for the next datagram; the buffer is the caller's to keep.
   *
   * @throws NetlinkException with the socket's errno: ENOBUFS when answers were lost, EAGAIN when
   *     none came in time
   */
  ByteBuffer receive();

  @Override
  void close();
}
