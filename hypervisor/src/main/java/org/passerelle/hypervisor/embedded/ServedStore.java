package org.passerelle.hypervisor.embedded;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.passerelle.hypervisor.HypervisorException;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.xenstore.StoreException;
import org.passerelle.hypervisor.xenstore.XenStore;
import org.passerelle.hypervisor.xenstore.server.StoreServer;

/**
 * A XenStore of the hypervisor's own: in this process for the domains, at a socket for dom0's
 * programs.
 */
final class ServedStore implements StoreHost {
  private final StoreServer server;

  private ServedStore(StoreServer server) {
    this.server = server;
  }

  /** Starts a store that listens at a socket, whose directory is made when it is absent. */
  static ServedStore listening(Path socket) {
    StoreServer server = new StoreServer();
    try {
      Files.createDirectories(socket.getParent());
      server.listen(socket);
      return new ServedStore(server);
    } catch (IOException e) {
      server.close();
      throw new HypervisorException("start a XenStore at " + socket + ": " + e.getMessage(), e);
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
  }

  @Override
  public XenStore connect(DomainId domain) {
    return server.connect(domain);
  }

  /**
   * A pair of sockets that are connected to each other, one of them the JDK's and so Netty's. What
   * they meet by is gone before this returns.
   */
  @Override
  public int lend(DomainId domain) {
    try {
      Path room = Files.createTempDirectory("passerelle-store");
      Path place = room.resolve("s");
      try (ServerSocketChannel meeting = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
        meeting.bind(UnixDomainSocketAddress.of(place));
        return meet(domain, place, meeting);
      } finally {
        Files.deleteIfExists(place);
        Files.delete(room);
      }
    } catch (IOException | StoreException e) {
      throw new HypervisorException("connect " + domain + " to the store: " + e, e);
    }
  }

  private int meet(DomainId domain, Path place, ServerSocketChannel meeting) throws IOException {
    UnixSocket lent = UnixSocket.connected(place, UnixSocket.STREAM);
    try {
      server.serve(domain, meeting.accept());
      return lent.descriptor();
    } catch (IOException | RuntimeException e) {
      lent.close();
      throw e;
    }
  }

  @Override
  public void introduce(DomainId domain) {
    server.introduce(domain);
  }

  @Override
  public void release(DomainId domain) {
    server.release(domain);
  }

  @Override
  public void close() {
    server.close();
  }
}
