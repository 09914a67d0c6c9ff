package org.passerelle.hypervisor.xenstore.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** A Unix domain socket, as the JDK has it. */
public final class SocketTransport implements Transport {
  private final SocketChannel channel;

  private SocketTransport(SocketChannel channel) {
    this.channel = channel;
  }

  /** Throws {@link IOException} with the socket's path and what to do about it. */
  public static SocketTransport connect(Path socket) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.connect(UnixDomainSocketAddress.of(socket));
      return new SocketTransport(channel);
    } catch (IOException | IllegalArgumentException e) {
      channel.close();
      throw new IOException(
          "connect to XenStore at "
              + socket
              + ": "
              + e.getMessage()
              + "; is a xenstored running, and does XENSTORED_PATH name its socket?",
          e);
    }
  }

  @Override
  public void send(byte[] octets) throws IOException {
    ByteBuffer left = ByteBuffer.wrap(octets);
    while (left.hasRemaining()) {
      channel.write(left);
    }
  }

  @Override
  public int receive(byte[] into, int offset, int length) throws IOException {
    return channel.read(ByteBuffer.wrap(into, offset, length));
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("close the XenStore connection", e);
    }
  }
}
