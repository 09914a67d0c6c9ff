package org.passerelle.hypervisor.embedded;

import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.xenstore.XenStore;

/**
 * What the hypervisor asks of a XenStore server: connections with each domain's rights, and to be
 * told which domains there are. dom0 needs no introduction.
 */
public interface StoreHost extends AutoCloseable {

  /** A connection with a domain's rights. */
  XenStore connect(DomainId domain);

  /**
   * The same for another process: one end of a stream socket, on which the store speaks its wire
   * protocol. The descriptor is the caller's to close.
   */
  int lend(DomainId domain);

  /** A domain has started: it may use the store from now on; {@code @introduceDomain} fires. */
  void introduce(DomainId domain);

  /** A domain has ended: its watches and transactions go; {@code @releaseDomain} fires. */
  void release(DomainId domain);

  @Override
  void close();
}
