package org.passerelle.hypervisor.xenstore.server;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.function.Consumer;

/** The Unix domain socket at which clients connect. */
final class SocketListener {
  /** Octets of requests taken from a client before another has its turn. */
  private static final int READ_SIZE = 16 * 1024;

  private static final WriteBufferWaterMark UNSENT = new WriteBufferWaterMark(32 * 1024, 64 * 1024);

  private final SocketFile file;
  private final Channel channel;

  private SocketListener(SocketFile file, Channel channel) {
    this.file = file;
    this.channel = channel;
  }

  static SocketListener open(Path path, EventLoopGroup group, Consumer<Channel> welcome)
      throws IOException {
    SocketFile file = new SocketFile(path);
    try {
      Path place = file.prepare();
      return published(file, bind(place, group, welcome));
    } catch (IOException | RuntimeException e) {
      file.remove();
      throw e;
    }
  }

  private static SocketListener published(SocketFile file, Channel channel) throws IOException {
    try {
      file.publish();
      return new SocketListener(file, channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static Channel bind(Path place, EventLoopGroup group, Consumer<Channel> welcome)
      throws IOException {
    ChannelFuture bound =
        new ServerBootstrap()
            .group(group)
            .channel(NioServerDomainSocketChannel.class)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel client) {
                    welcome.accept(client);
                  }
                })
            .bind(UnixDomainSocketAddress.of(place))
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException(
          "listen on " + place + ": " + bound.cause().getMessage(), bound.cause());
    }
    return bound.channel();
  }

  /** Has a client's channel served, within the bounds that hold for all of them. */
  static void prepare(Channel client, SocketSession session) {
    client.config().setOption(ChannelOption.RECVBUF_ALLOCATOR, oneReadAtATime());
    client.config().setOption(ChannelOption.WRITE_BUFFER_WATER_MARK, UNSENT);
    client.pipeline().addLast(session);
  }

  private static FixedRecvByteBufAllocator oneReadAtATime() {
    FixedRecvByteBufAllocator allocator = new FixedRecvByteBufAllocator(READ_SIZE);
    allocator.maxMessagesPerRead(1);
    return allocator;
  }

  void close() {
    channel.close().awaitUninterruptibly();
    try {
      file.remove();
    } catch (IOException e) {
      throw new UncheckedIOException("remove the XenStore socket", e);
    }
  }
}
