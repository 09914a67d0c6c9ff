package org.passerelle.link.os;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.passerelle.link.rtnl.KernelException;

/**
 * A connected Unix domain socket, of streams or of datagrams. By the C library's own calls: the
 * JDK's SocketChannel costs a script twelve milliseconds to start up, and knows no datagrams.
 *
 * <pre>
 *   0        2                                       110
 *   | family | path, ended by NUL                    |      struct sockaddr_un
 * </pre>
 */
public final class UnixSocket implements AutoCloseable {
  private static final int PATH = 2;
  private static final int PATH_MAX = 108;

  private final AtomicInteger descriptor;
  private final String name;

  private UnixSocket(int descriptor, String name) {
    this.descriptor = new AtomicInteger(descriptor);
    this.name = name;
  }

  /** Connects a stream; throws {@link KernelException} with the path and the errno. */
  public static UnixSocket stream(Path path) {
    return connect(Libc.SOCK_STREAM, path);
  }

  /** Connects a socket of datagrams; throws {@link KernelException} with the path and the errno. */
  public static UnixSocket datagrams(Path path) {
    return connect(Libc.SOCK_DGRAM, path);
  }

  private static UnixSocket connect(int type, Path path) {
    String operation = "connect to " + path;
    byte[] address = address(path, operation);
    int descriptor = Libc.socket(Libc.AF_UNIX, type, 0, operation);
    try {
      Libc.connect(descriptor, address, operation);
    } catch (KernelException e) {
      Libc.close(descriptor);
      throw e;
    }
    return new UnixSocket(descriptor, path.toString());
  }

  private static byte[] address(Path path, String operation) {
    byte[] octets = path.toString().getBytes(StandardCharsets.UTF_8);
    if (octets.length >= PATH_MAX) {
      throw Libc.failure(operation, Errno.EINVAL, "longer than " + (PATH_MAX - 1) + " octets");
    }
    return Sockets.buffer(PATH + octets.length + 1)
        .putShort((short) Libc.AF_UNIX)
        .put(octets)
        .array();
  }

  /** Sends all the octets; a datagram as one. */
  public void send(byte[] octets) {
    int sent = 0;
    while (sent < octets.length) {
      byte[] rest = sent == 0 ? octets : Arrays.copyOfRange(octets, sent, octets.length);
      long count = Libc.write(descriptor.get(), rest);
      if (count < 0) {
        throw Libc.failure("send to " + name);
      }
      sent += (int) count;
    }
  }

  /**
   * Receives at least one octet and at most {@code length} into {@code into} from {@code offset}
   * on.
   *
   * @return how many, or -1 when the other end has closed
   */
  public int receive(byte[] into, int offset, int length) {
    byte[] buffer = new byte[length];
    long count = Libc.read(descriptor.get(), buffer);
    if (count < 0) {
      throw Libc.failure("receive from " + name);
    }
    System.arraycopy(buffer, 0, into, offset, (int) count);
    return count == 0 ? -1 : (int) count;
  }

  /** A thread in {@link #receive} is woken, which close(2) alone does not do. */
  @Override
  public void close() {
    Libc.shutdown(descriptor.get());
    Libc.close(descriptor.getAndSet(-1));
  }
}
