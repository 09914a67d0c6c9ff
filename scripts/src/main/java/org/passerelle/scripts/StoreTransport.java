package org.passerelle.scripts;

import java.io.IOException;
import java.nio.file.Path;
import org.passerelle.hypervisor.xenstore.StoreException;
import org.passerelle.hypervisor.xenstore.client.Transport;
import org.passerelle.hypervisor.xenstore.client.XenStoreClient;
import org.passerelle.link.os.UnixSocket;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.rtnl.Refusal;

/** XenStore over a Unix socket of raw calls, which starts faster than the JDK's. */
final class StoreTransport implements Transport {
  private final UnixSocket socket;

  private StoreTransport(UnixSocket socket) {
    this.socket = socket;
  }

  static XenStoreClient connect(Path path) {
    try {
      return new XenStoreClient(new StoreTransport(UnixSocket.stream(path)));
    } catch (KernelException e) {
      throw new StoreException("XenStore: " + e.getMessage() + "; " + remedy(e), "EIO", e);
    }
  }

  /** Whoever may not connect has found the daemon. */
  static String remedy(KernelException refusal) {
    return Refusal.EACCES.is(refusal)
        ? "run it as root"
        : "is a xenstored running, and does XENSTORED_PATH name its socket?";
  }

  @Override
  public void send(byte[] octets) throws IOException {
    try {
      socket.send(octets);
    } catch (KernelException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  @Override
  public int receive(byte[] into, int offset, int length) throws IOException {
    try {
      return socket.receive(into, offset, length);
    } catch (KernelException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    socket.close();
  }
}
