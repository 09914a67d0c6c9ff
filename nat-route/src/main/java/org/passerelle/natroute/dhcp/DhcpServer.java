package org.passerelle.natroute.dhcp;

import java.util.List;
import org.passerelle.link.rtnl.DhcpHost;

/** A DHCP server that is told of one guest after the other. */
interface DhcpServer {

  /** The guests that it was told of, whether it runs or not. */
  List<DhcpHost> hosts();

  /**
   * Tells it of a guest.
   *
   * @param wanted whether it is to run
   */
  void add(DhcpHost host, boolean wanted);

  /** Has it forget a guest. */
  void remove(DhcpHost host, boolean wanted);

  /** For an administrator: which one it is, and whether it runs. */
  String words();

  /** Refuses where it cannot be had. */
  boolean isRunning();

  /** Has it run, unless it does. */
  void start();

  void stop();
}
