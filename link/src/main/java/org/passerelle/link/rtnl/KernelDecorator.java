package org.passerelle.link.rtnl;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A kernel before another one, to which it hands everything on. One that differs overrides what it
 * does differently; {@link #change(Runnable)} is asked for every change.
 */
public abstract class KernelDecorator implements Kernel {
  /** The one behind. */
  protected final Kernel kernel;

  protected KernelDecorator(Kernel kernel) {
    this.kernel = kernel;
  }

  /** Carries out a change of the kernel behind. */
  protected void change(Runnable change) {
    change.run();
  }

  @Override
  public List<Link> links() {
    return kernel.links();
  }

  @Override
  public List<Link> ports(int master) {
    return kernel.ports(master);
  }

  @Override
  public Optional<Link> link(String device) {
    return kernel.link(device);
  }

  @Override
  public Optional<Link> link(int index) {
    return kernel.link(index);
  }

  @Override
  public List<Address> addresses() {
    return kernel.addresses();
  }

  @Override
  public List<Route> routes() {
    return kernel.routes();
  }

  @Override
  public Optional<Route> routeTo(InetAddress destination) {
    return kernel.routeTo(destination);
  }

  @Override
  public List<Route> routesFrom(Set<InetAddress> sources) {
    return kernel.routesFrom(sources);
  }

  @Override
  public List<Neighbour> neighbours() {
    return kernel.neighbours();
  }

  @Override
  public List<Address> addresses(String device) {
    return kernel.addresses(device);
  }

  @Override
  public List<Route> routes(String device) {
    return kernel.routes(device);
  }

  @Override
  public List<Neighbour> neighbours(String device) {
    return kernel.neighbours(device);
  }

  @Override
  public boolean filtersVlans() {
    return kernel.filtersVlans();
  }

  @Override
  public boolean makesVlans() {
    return kernel.makesVlans();
  }

  @Override
  public void create(LinkSpec spec) {
    change(() -> kernel.create(spec));
  }

  @Override
  public void delete(String device) {
    change(() -> kernel.delete(device));
  }

  @Override
  public void change(String device, LinkChange what) {
    change(() -> kernel.change(device, what));
  }

  @Override
  public void add(Address address) {
    change(() -> kernel.add(address));
  }

  @Override
  public void remove(Address address) {
    change(() -> kernel.remove(address));
  }

  @Override
  public void change(Address address) {
    change(() -> kernel.change(address));
  }

  @Override
  public void add(Route route) {
    change(() -> kernel.add(route));
  }

  @Override
  public void remove(Route route) {
    change(() -> kernel.remove(route));
  }

  @Override
  public void append(Route route) {
    change(() -> kernel.append(route));
  }

  @Override
  public void replace(Route route) {
    change(() -> kernel.replace(route));
  }

  @Override
  public void add(Neighbour neighbour) {
    change(() -> kernel.add(neighbour));
  }

  @Override
  public void remove(Neighbour neighbour) {
    change(() -> kernel.remove(neighbour));
  }

  @Override
  public Optional<String> sysctl(String key) {
    return kernel.sysctl(key);
  }

  @Override
  public void sysctl(String key, String value) {
    change(() -> kernel.sysctl(key, value));
  }

  @Override
  public Optional<List<TableEntry>> table() {
    return kernel.table();
  }

  @Override
  public boolean hasTable() {
    return kernel.hasTable();
  }

  @Override
  public List<TableEntry> entries(String set) {
    return kernel.entries(set);
  }

  @Override
  public Optional<TableEntry> entry(TableKey key) {
    return kernel.entry(key);
  }

  @Override
  public void createTable() {
    change(kernel::createTable);
  }

  @Override
  public void deleteTable() {
    change(kernel::deleteTable);
  }

  @Override
  public void add(TableEntry entry) {
    change(() -> kernel.add(entry));
  }

  @Override
  public void remove(TableEntry entry) {
    change(() -> kernel.remove(entry));
  }

  @Override
  public Optional<Guard> guard(String device) {
    return kernel.guard(device);
  }

  @Override
  public void guard(Guard guard) {
    change(() -> kernel.guard(guard));
  }

  @Override
  public void unguard(String device) {
    change(() -> kernel.unguard(device));
  }

  @Override
  public Optional<DhcpHost> dhcpHost(String vif) {
    return kernel.dhcpHost(vif);
  }

  @Override
  public List<DhcpHost> dhcpHosts(InetAddress address) {
    return kernel.dhcpHosts(address);
  }

  @Override
  public void add(DhcpHost host) {
    change(() -> kernel.add(host));
  }

  @Override
  public void remove(DhcpHost host) {
    change(() -> kernel.remove(host));
  }

  @Override
  public List<String> dhcpUsers() {
    return kernel.dhcpUsers();
  }

  @Override
  public String dhcpServer() {
    return kernel.dhcpServer();
  }

  @Override
  public boolean isDhcpRunning() {
    return kernel.isDhcpRunning();
  }

  @Override
  public void startDhcp(String user) {
    change(() -> kernel.startDhcp(user));
  }

  @Override
  public void stopDhcp(String user) {
    change(() -> kernel.stopDhcp(user));
  }

  @Override
  public void close() {
    kernel.close();
  }
}
