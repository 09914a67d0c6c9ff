package org.passerelle.link.fake;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.passerelle.link.rtnl.DhcpHost;
import org.passerelle.link.rtnl.Refusal;

/** The DHCP server of {@link FakeKernel}'s host. */
final class FakeDhcp {
  private final TreeMap<String, DhcpHost> hosts = new TreeMap<>();
  private final SortedSet<String> users = new TreeSet<>();
  private boolean running;

  List<DhcpHost> hosts() {
    return List.copyOf(hosts.values());
  }

  Optional<DhcpHost> host(String vif) {
    return Optional.ofNullable(hosts.get(vif));
  }

  List<DhcpHost> hosts(InetAddress address) {
    return hosts.values().stream().filter(host -> host.address().equals(address)).toList();
  }

  void add(DhcpHost host) {
    if (hosts.putIfAbsent(host.vif(), host) != null) {
      throw FakeState.refusal("tell the DHCP server of " + host.vif(), Refusal.EEXIST, "");
    }
  }

  void remove(DhcpHost host) {
    if (!hosts.remove(host.vif(), host)) {
      throw FakeState.refusal("forget " + host.vif(), Refusal.ENOENT, "");
    }
  }

  List<String> users() {
    return List.copyOf(users);
  }

  boolean isRunning() {
    return running;
  }

  void start(String user) {
    users.add(user);
    running = true;
  }

  void stop(String user) {
    if (!users.remove(user)) {
      throw FakeState.refusal("stop the DHCP server of " + user, Refusal.ENOENT, "");
    }
    running = !users.isEmpty();
  }

  void kill() {
    running = false;
  }
}
