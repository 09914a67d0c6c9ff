package org.passerelle.hypervisor.xenstore.server;

import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.xenstore.XenStore;
import org.passerelle.hypervisor.xenstore.client.XenStoreClient;
import org.passerelle.hypervisor.xenstore.tree.Quotas;
import org.passerelle.hypervisor.xenstore.tree.Store;

/**
 * A XenStore daemon in this process. It begins as C xenstored does, with {@code /tool/xenstored}
 * alone; the rest is for the toolstack to write.
 *
 * <p>Methods may be called from any thread but the store's own, on which watch events come.
 */
public final class StoreServer implements AutoCloseable {
  private final OwnerThread owner = new OwnerThread();
  private final DomainTable domains;
  private final RequestHandler handler;

  /** Closed before the thread ends, and whoever joins after that at once: clients see the end. */
  private final ChannelGroup clients =
      new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE, true);

  private SocketListener listener;

  public StoreServer() {
    this(Quotas.DEFAULT);
  }

  public StoreServer(Quotas quotas) {
    domains = new DomainTable(new Store(quotas));
    handler = new RequestHandler(domains);
  }

  /**
   * Serves clients at a Unix domain socket of mode 0600, with dom0's rights. Replaces a socket to
   * which nobody listens; throws {@link IOException} where somebody does.
   */
  public synchronized void listen(Path socket) throws IOException {
    if (listener != null) {
      throw new IllegalStateException("listen on " + socket + ": listening already");
    }
    listener =
        SocketListener.open(
            socket, owner.group(), client -> welcome(client, new SocketSession(domains, handler)));
  }

  /**
   * A connection with that domain's rights, relative to its directory. Throws {@link
   * org.passerelle.hypervisor.xenstore.StoreException} ENOENT for a domain that is not introduced;
   * dom0 always is.
   */
  public XenStore connect(DomainId domain) {
    return new XenStoreClient(new LocalExchange(owner, handler, domains, domain.value()));
  }

  /**
   * Serves a client that is connected already, with that domain's rights, until either hangs up.
   * The channel is the server's, also when this throws {@link
   * org.passerelle.hypervisor.xenstore.StoreException} as {@link #connect} does.
   */
  public void serve(DomainId domain, SocketChannel client) {
    NioDomainSocketChannel channel = new NioDomainSocketChannel(null, client);
    try {
      owner.run("connect " + domain, () -> serve(domain, channel));
    } catch (RuntimeException e) {
      channel.unsafe().closeForcibly();
      throw e;
    }
  }

  /** On the store's thread, where a domain stays known until the session is there. */
  private void serve(DomainId domain, NioDomainSocketChannel channel) {
    domains.require("connect", domain.value());
    welcome(channel, new SocketSession(domains, handler, domain.value()));
    owner.group().register(channel);
  }

  private void welcome(Channel client, SocketSession session) {
    SocketListener.prepare(client, session);
    clients.add(client);
  }

  /** Makes a domain known and fires {@code @introduceDomain}. */
  public void introduce(DomainId domain) {
    owner.run("introduce " + domain, () -> domains.introduce(domain.value()));
  }

  /**
   * Ends a domain's connections, removes the nodes that it owned, takes its name out of all
   * permissions and fires {@code @releaseDomain}.
   */
  public void release(DomainId domain) {
    owner.run("release " + domain, () -> domains.release(domain.value()));
  }

  /** Ends all connections and removes the socket. */
  @Override
  public synchronized void close() {
    try {
      if (listener != null) {
        listener.close();
        listener = null;
      }
    } finally {
      clients.close().awaitUninterruptibly();
      owner.shutDown();
    }
  }
}
