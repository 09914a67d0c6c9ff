package org.passerelle.hypervisor.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.passerelle.hypervisor.HypervisorException;
import org.passerelle.hypervisor.domain.DomainId;
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
