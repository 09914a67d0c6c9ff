package org.passerelle.link.rtnl;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The network configuration of one namespace: what all modules read and change.
 *
 * <p>Two kernels stand behind it: rtnetlink ({@code link.os.NetlinkKernel}) and the one in memory
 * ({@code link.fake.FakeKernel}). Devices are named, not numbered, in requests: names are what a
 * plan prints, and each request resolves its own.
 *
 * <p>Every change throws {@link KernelException} with the operation, the device, the errno and the
 * kernel's own text; a change that failed changed nothing.
 */
public interface Kernel extends AutoCloseable {

  /** All links of the namespace, by index. */
  List<Link> links();

  /**
   * The ports of a bridge or bond; of thousands of links the kernel tells these only.
   *
   * @param master its index
   */
  default List<Link> ports(int master) {
    return links().stream().filter(link -> link.master() == master).toList();
  }

  /**
   * All addresses of both families, in the kernel's order: IPv4's primary before secondary, in the
   * order in which they were added; IPv6's of one scope latest first, so that whoever adds them
   * again goes through them backwards.
   */
  List<Address> addresses();

  /**
   * All unicast routes, and those that go nowhere (blackhole, unreachable, prohibit, throw), of
   * both families, of every table but {@code local}.
   */
  List<Route> routes();

  /**
   * The route that the kernel takes to an address, with the route's own destination; of all tables,
   * so that for an address of the host's own its type is {@link Route#TYPE_LOCAL}. Empty where
   * there is none, or one that goes nowhere. One small request, however many routes there are.
   */
  Optional<Route> routeTo(InetAddress destination);

  /**
   * Those of {@link #routes()} that prefer one of these addresses as their source, whatever device
   * they use. The kernel lists all routes of the addresses' families; only these are read, and only
   * their devices named.
   */
  default List<Route> routesFrom(Set<InetAddress> sources) {
    return routes().stream()
        .filter(route -> route.source().filter(sources::contains).isPresent())
        .toList();
  }

  /** All neighbour entries, those of bridges' forwarding tables excepted. */
  List<Neighbour> neighbours();

  /** Those of {@link #addresses()} that are on the device; none when it is not there. */
  default List<Address> addresses(String device) {
    return addresses().stream().filter(address -> address.device().equals(device)).toList();
  }

  /** Those of {@link #routes()} that use the device; none when it is not there. */
  default List<Route> routes(String device) {
    return routes().stream().filter(route -> route.uses(device)).toList();
  }

  /** Those of {@link #neighbours()} that are the device's; none when it is not there. */
  default List<Neighbour> neighbours(String device) {
    return neighbours().stream().filter(one -> one.device().equals(device)).toList();
  }

  /**
   * Makes a link (RTM_NEWLINK, create and exclusive). It is born with its group, hence marked as
   * ours.
   */
  void create(LinkSpec spec);

  /** Whether there can be VLAN devices of the kernel's own. */
  default boolean makesVlans() {
    return true;
  }

  /** Whether its bridges can look at VLAN tags ({@link VlanFiltering}). */
  default boolean filtersVlans() {
    return true;
  }

  /** Deletes a link. The other end of a veth pair goes with it. */
  void delete(String device);

  /**
   * Changes what {@code change} names and leaves the rest. When one part of it is refused, the
   * parts before it are put back; only a move to another namespace is not.
   */
  void change(String device, LinkChange change);

  void add(Address address);

  /** Removes it whatever its label is. */
  void remove(Address address);

  /**
   * Gives an address that is there the flags and lifetimes of {@code address} (as {@code ip address
   * replace}); no new duplicate detection.
   */
  void change(Address address);

  void add(Route route);

  void remove(Route route);

  /**
   * Adds a route on the link beside those of other devices to the same destination with the same
   * metric; the one that was there first is used.
   */
  void append(Route route);

  /**
   * Puts a route by a gateway in the place of the one of its destination, table and metric, with no
   * moment without one.
   */
  void replace(Route route);

  void add(Neighbour neighbour);

  void remove(Neighbour neighbour);

  /** The link of this name or alternative name. */
  default Optional<Link> link(String device) {
    return links().stream().filter(link -> link.isNamed(device)).findFirst();
  }

  /** The link of this number. */
  default Optional<Link> link(int index) {
    return links().stream().filter(link -> link.index() == index).findFirst();
  }

  /**
   * A setting, by its path below /proc/sys ({@code net/ipv4/conf/vif1.0/proxy_arp}); empty when
   * there is none of this name.
   */
  Optional<String> sysctl(String key);

  void sysctl(String key, String value);

  /**
   * The entries of our own table of the packet filter; empty when the table is not there. Nobody
   * else's is ever read or changed. What kind of table it is the kernel's implementation says; one
   * that has none refuses.
   */
  default Optional<List<TableEntry>> table() {
    throw TableEntry.noTable();
  }

  /** Whether our table is there. */
  default boolean hasTable() {
    return table().isPresent();
  }

  /** The entries of one of our table's sets; none when the table is not there. */
  default List<TableEntry> entries(String set) {
    return table().orElse(List.of()).stream().filter(entry -> entry.set().equals(set)).toList();
  }

  /** The entry at this place; in our table there may be thousands. */
  default Optional<TableEntry> entry(TableKey key) {
    return entries(key.set()).stream().filter(entry -> entry.place().equals(key)).findFirst();
  }

  /** Makes our table, which has no entries then. */
  default void createTable() {
    throw TableEntry.noTable();
  }

  /** Deletes our table with all that is in it. */
  default void deleteTable() {
    throw TableEntry.noTable();
  }

  /** Adds an entry, whose key must not be there yet. */
  default void add(TableEntry entry) {
    throw TableEntry.noTable();
  }

  default void remove(TableEntry entry) {
    throw TableEntry.noTable();
  }

  /** What guards links of this name; empty when nothing does. */
  default Optional<Guard> guard(String device) {
    throw TableEntry.noTable();
  }

  /**
   * Puts a guard before its link, which must be there (newer kernels do not mind), in the place of
   * the one that is there if any, with no moment without.
   */
  default void guard(Guard guard) {
    throw TableEntry.noTable();
  }

  /** Takes the guard of links of this name away. */
  default void unguard(String device) {
    throw TableEntry.noTable();
  }

  /** What the DHCP server was told of a vif's guest; of hundreds it is looked up. */
  default Optional<DhcpHost> dhcpHost(String vif) {
    return Optional.empty();
  }

  /** The guests that the DHCP server gives this address. */
  default List<DhcpHost> dhcpHosts(InetAddress address) {
    return List.of();
  }

  /** Tells the DHCP server of a guest, of whose vif it must know nothing yet. */
  default void add(DhcpHost host) {
    throw DhcpHost.noServer();
  }

  /** Has the DHCP server forget a guest. */
  default void remove(DhcpHost host) {
    throw DhcpHost.noServer();
  }

  /** For whom a DHCP server of ours is to run. */
  default List<String> dhcpUsers() {
    return List.of();
  }

  /** In words, which DHCP server is told of guests, and whether it runs. */
  default String dhcpServer() {
    throw DhcpHost.noServer();
  }

  /** Whether a DHCP server runs that can be told of guests; refuses where none can be had. */
  default boolean isDhcpRunning() {
    throw DhcpHost.noServer();
  }

  /** Has a DHCP server run for {@code user}; starts it anew when it was killed. */
  default void startDhcp(String user) {
    throw DhcpHost.noServer();
  }

  /** Ends the DHCP server once nobody wants it. */
  default void stopDhcp(String user) {
    throw DhcpHost.noServer();
  }

  @Override
  void close();
}
