package org.passerelle.hypervisor.testing;

import java.io.IOException;

/** Octets to a XenStore daemon and from it, whatever carries them. */
public interface Wire extends AutoCloseable {
  void send(byte[] octets) throws IOException;

  byte[] receive(int length) throws IOException;

  @Override
  void close() throws IOException;
}
