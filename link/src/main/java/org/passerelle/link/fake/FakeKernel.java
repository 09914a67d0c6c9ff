package org.passerelle.link.fake;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.passerelle.link.rtnl.Address;
import org.passerelle.link.rtnl.DhcpHost;
import org.passerelle.link.rtnl.Guard;
import org.passerelle.link.rtnl.Kernel;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.link.rtnl.LinkSpec;
import org.passerelle.link.rtnl.Neighbour;
import org.passerelle.link.rtnl.Refusal;
import org.passerelle.link.rtnl.Route;
import org.passerelle.link.rtnl.TableEntry;
import org.passerelle.link.wire.MacAddress;

/**
 * A kernel in memory, with {@code lo}. It follows the rules that plans can notice, refuses in the
 * kernel's words, keeps a log of what was asked, and fails at whichever change it is told to.
 */
public final class FakeKernel implements Kernel {
  private final FakeState state = new FakeState();
  private final FakeRoutes routes = new FakeRoutes(state);
  private final FakeAddresses addresses = new FakeAddresses(state, routes);
  private final FakeLinks links;
  private final FakeTable table = new FakeTable();
  private final Map<String, Guard> guards = new HashMap<>();
  private final FakeDhcp dhcp = new FakeDhcp();
  private final FakeSysctl settings = new FakeSysctl(state);
  private final List<String> log = new ArrayList<>();
  private int changesToFault = Integer.MAX_VALUE;
  private Refusal fault = Refusal.ENOMEM;

  /** A kernel that renames links while they are up, as Linux does since 6.2. */
  public FakeKernel() {
    this(true);
  }

  /**
   * @param liveRename whether a link can be renamed while it is up
   */
  public FakeKernel(boolean liveRename) {
    links = new FakeLinks(state, addresses, routes, liveRename);
    links.plug("lo", MacAddress.ZERO).up = true;
  }

  /** Puts a physical device into the machine; it is down. */
  public void plug(String name, MacAddress mac) {
    links.plug(name, mac);
  }

  /** Duplicate detection ends well for all tentative addresses. */
  public void settle() {
    addresses.settle();
  }

  /** The change after {@code count} further ones is refused once, and changes nothing. */
  public void failAfter(int count, Refusal errno) {
    changesToFault = count;
    fault = errno;
  }

  /** Every change asked for, in order, the refused ones too. */
  public List<String> log() {
    return List.copyOf(log);
  }

  private void admit(String operation) {
    log.add(operation);
    if (changesToFault-- == 0) {
      throw FakeState.refusal(operation, fault, "");
    }
  }

  @Override
  public List<Link> links() {
    return state.links.stream().map(FakeLink::toLink).toList();
  }

  @Override
  public List<Address> addresses() {
    return List.copyOf(state.addresses);
  }

  @Override
  public List<Route> routes() {
    return List.copyOf(state.routes);
  }

  @Override
  public Optional<Route> routeTo(InetAddress destination) {
    return routes.to(destination);
  }

  @Override
  public List<Neighbour> neighbours() {
    return List.copyOf(state.neighbours);
  }

  @Override
  public void create(LinkSpec spec) {
    admit("create " + spec.name() + " " + spec.kind().name());
    links.create(spec);
  }

  @Override
  public void delete(String device) {
    admit("delete " + device);
    links.delete(device);
  }

  @Override
  public void change(String device, LinkChange change) {
    admit("change " + device);
    links.change(device, change);
  }

  @Override
  public void add(Address address) {
    admit("add address " + address.local() + " to " + address.device());
    addresses.add(address);
  }

  @Override
  public void remove(Address address) {
    admit("remove address " + address.local() + " from " + address.device());
    addresses.remove(address);
  }

  @Override
  public void change(Address address) {
    admit("change address " + address.local() + " of " + address.device());
    addresses.change(address);
  }

  @Override
  public void add(Route route) {
    admit("add route " + route.destination() + " by " + route.device());
    routes.add(route);
  }

  @Override
  public void remove(Route route) {
    admit("remove route " + route.destination() + " by " + route.device());
    routes.remove(route);
  }

  @Override
  public void append(Route route) {
    admit("append route " + route.destination() + " by " + route.device());
    routes.append(route);
  }

  @Override
  public void replace(Route route) {
    admit("replace route " + route.destination() + " by " + route.device());
    routes.replace(route);
  }

  @Override
  public void add(Neighbour neighbour) {
    admit("add neighbour " + neighbour.address() + " on " + neighbour.device());
    state.require("add neighbour", neighbour.device());
    boolean known = state.neighbours.stream().anyMatch(neighbour::isSame);
    if (known) {
      throw FakeState.refusal("add neighbour " + neighbour.address(), Refusal.EEXIST, "");
    }
    state.neighbours.add(neighbour);
  }

  @Override
  public void remove(Neighbour neighbour) {
    admit("remove neighbour " + neighbour.address() + " from " + neighbour.device());
    state.neighbours.remove(neighbour);
  }

  @Override
  public Optional<String> sysctl(String key) {
    return settings.read(key);
  }

  @Override
  public void sysctl(String key, String value) {
    admit("set sysctl " + key + " = " + value);
    settings.write(key, value);
  }

  @Override
  public Optional<List<TableEntry>> table() {
    return table.read();
  }

  @Override
  public void createTable() {
    admit("create the table");
    table.create();
  }

  @Override
  public void deleteTable() {
    admit("delete the table");
    table.delete();
  }

  @Override
  public void add(TableEntry entry) {
    admit("add " + entry);
    table.add(entry);
  }

  @Override
  public void remove(TableEntry entry) {
    admit("remove " + entry);
    table.remove(entry);
  }

  @Override
  public Optional<Guard> guard(String device) {
    return Optional.ofNullable(guards.get(device));
  }

  @Override
  public void guard(Guard guard) {
    admit("guard " + guard.device());
    if (link(guard.device()).isEmpty()) {
      throw FakeState.refusal("guard " + guard.device(), Refusal.ENOENT, "");
    }
    guards.put(guard.device(), guard);
  }

  @Override
  public void unguard(String device) {
    admit("unguard " + device);
    if (guards.remove(device) == null) {
      throw FakeState.refusal("unguard " + device, Refusal.ENOENT, "");
    }
  }

  /** All that the DHCP server was told of. */
  public List<DhcpHost> dhcpHosts() {
    return dhcp.hosts();
  }

  @Override
  public Optional<DhcpHost> dhcpHost(String vif) {
    return dhcp.host(vif);
  }

  @Override
  public List<DhcpHost> dhcpHosts(InetAddress address) {
    return dhcp.hosts(address);
  }

  @Override
  public void add(DhcpHost host) {
    admit("tell the DHCP server of " + host.vif());
    dhcp.add(host);
  }

  @Override
  public void remove(DhcpHost host) {
    admit("have the DHCP server forget " + host.vif());
    dhcp.remove(host);
  }

  @Override
  public List<String> dhcpUsers() {
    return dhcp.users();
  }

  @Override
  public String dhcpServer() {
    return "a server in memory";
  }

  @Override
  public boolean isDhcpRunning() {
    return dhcp.isRunning();
  }

  @Override
  public void startDhcp(String user) {
    admit("start the DHCP server for " + user);
    dhcp.start(user);
  }

  @Override
  public void stopDhcp(String user) {
    admit("stop the DHCP server of " + user);
    dhcp.stop(user);
  }

  /** Somebody kills the DHCP server, whoever wants it. */
  public void killDhcp() {
    dhcp.kill();
  }

  @Override
  public void close() {
    // Nothing is held.
  }
}
