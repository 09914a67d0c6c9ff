package org.passerelle.hypervisor.xenstore.client;

import java.io.IOException;

/**
 * A stream of octets to a XenStore daemon, blocking. One thread sends at a time and one receives at
 * a time, perhaps at once.
 */
public interface Transport extends AutoCloseable {

  /** Sends all the octets. */
  void send(byte[] octets) throws IOException;

  /**
   * Receives at least one octet and at most {@code length} into {@code into} from {@code offset}
   * on.
   *
   * @return how many, or -1 when the daemon has closed the connection
   */
  int receive(byte[] into, int offset, int length) throws IOException;

  /** Ends the connection; a thread in {@link #receive} returns or throws. */
  @Override
  void close();
}
