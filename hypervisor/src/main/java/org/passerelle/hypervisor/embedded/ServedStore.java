package org.passerelle.hypervisor.embedded;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.passerelle.hypervisor.HypervisorException;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.xenstore.XenStore;
import org.passerelle.hypervisor.xenstore.server.StoreServer;

/**
 * A XenStore of the hypervisor's own: in this process for the domains, at a socket for dom0's
 * programs.
 */
final class ServedStore implements StoreHost {
  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private final StoreServer server;

  /** Where the ends of a lent connection meet; beside the socket, its name as short. */
  private final Path room;

  private ServedStore(StoreServer server, Path room) {
    this.server = server;
    this.room = room;
  }

  /** Starts a store that listens at a socket, whose directory is made when it is absent. */
  static ServedStore listening(Path socket) {
    StoreServer server = new StoreServer();
    try {
      Files.createDirectories(socket.getParent());
      server.listen(socket);
      return new ServedStore(server, socket.resolveSibling(".lend"));
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
   * they meet by is gone before this returns; what a killed process left of it, at the next call.
   */
  @Override
  public synchronized int lend(DomainId domain) {
    Path place = room.resolve("s");
    Teardown undo = new Teardown();
    try {
      clear(place);
      Files.createDirectory(room, PRIVATE);
      try (ServerSocketChannel meeting = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
        meeting.bind(UnixDomainSocketAddress.of(place));
        UnixSocket lent = UnixSocket.connected(place, UnixSocket.STREAM);
        undo.add(lent::close);
        server.serve(domain, meeting.accept());
        return lent.descriptor();
      } finally {
        clear(place);
      }
    } catch (HypervisorException e) {
      undo.closeAfter(e);
      throw e;
    } catch (IOException | RuntimeException e) {
      HypervisorException failure =
          new HypervisorException("connect " + domain + " to the store: " + e, e);
      undo.closeAfter(failure);
      throw failure;
    }
  }

  private void clear(Path place) throws IOException {
    Files.deleteIfExists(place);
    Files.deleteIfExists(room);
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
