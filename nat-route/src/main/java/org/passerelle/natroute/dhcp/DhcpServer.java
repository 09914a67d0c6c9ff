package org.passerelle.natroute.dhcp;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.passerelle.link.list.Lists;
import org.passerelle.link.rtnl.DhcpHost;

/** A DHCP server that is told of one guest after the other. */
interface DhcpServer {

  /** The guests that it was told of, whether it runs or not. */
  List<DhcpHost> hosts();

  /** What it was told of a vif's guest. */
  default Optional<DhcpHost> host(String vif) {
    return Lists.first(hosts(), host -> host.vif().equals(vif));
  }

  /** The guests that have this address. */
  default List<DhcpHost> hosts(InetAddress address) {
    return Lists.filter(hosts(), host -> host.address().equals(address));
  }

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
