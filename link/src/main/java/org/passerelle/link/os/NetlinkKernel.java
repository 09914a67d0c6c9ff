package org.passerelle.link.os;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.passerelle.link.list.Lists;
import org.passerelle.link.netlink.NetlinkConversation;
import org.passerelle.link.netlink.NetlinkException;
import org.passerelle.link.netlink.NetlinkMessage;
import org.passerelle.link.netlink.NetlinkTransport;
import org.passerelle.link.netlink.NetlinkWriter;
import org.passerelle.link.rtnl.Address;
import org.passerelle.link.rtnl.AddressMessages;
import org.passerelle.link.rtnl.Kernel;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.link.rtnl.LinkMessages;
import org.passerelle.link.rtnl.LinkNames;
import org.passerelle.link.rtnl.LinkNews;
import org.passerelle.link.rtnl.LinkSnapshot;
import org.passerelle.link.rtnl.LinkSpec;
import org.passerelle.link.rtnl.Neighbour;
import org.passerelle.link.rtnl.NeighbourMessages;
import org.passerelle.link.rtnl.Route;
import org.passerelle.link.rtnl.RouteMessages;
import org.passerelle.link.rtnl.TapKind;
import org.passerelle.link.rtnl.VlanFiltering;
import org.passerelle.link.rtnl.VlanFlags;

/**
 * The kernel's own network configuration, over rtnetlink. It shows and changes the namespace of the
 * thread that opened it, whichever thread uses it later. Not thread safe: one thread owns it.
 */
public final class NetlinkKernel implements Kernel {
  private static final int ALL = 0;

  private final NetlinkTransport transport;
  private final NetlinkConversation conversation;
  private final HomeNamespace home = HomeNamespace.here();

  NetlinkKernel(NetlinkTransport transport) {
    this.transport = transport;
    this.conversation = new NetlinkConversation(transport);
  }

  /** Opens the calling thread's network namespace. */
  public static NetlinkKernel open() {
    return new NetlinkKernel(NetlinkSocket.open(NetlinkSocket.ROUTE));
  }

  @Override
  public List<Link> links() {
    return links(LinkMessages.dump(), "list the links");
  }

  @Override
  public List<Link> ports(int master) {
    return Lists.filter(
        links(LinkMessages.dumpPorts(master), "list the ports of a bridge"),
        link -> link.master() == master);
  }

  private List<Link> links(NetlinkWriter request, String operation) {
    List<Link> links = new ArrayList<>();
    for (NetlinkMessage message : dump(request, operation)) {
      links.add(LinkMessages.parse(message));
    }
    return links;
  }

  /** All links, as {@link LinkMonitor} tells of them when they change. */
  public List<LinkNews> linkNews() {
    return parsed(dump(LinkMessages.dump(), "list the links"), LinkNews::parse);
  }

  /** One question instead of a list of all. */
  @Override
  public Optional<Link> link(String device) {
    return snapshot(LinkMessages.get(device), device).map(LinkSnapshot::link);
  }

  @Override
  public Optional<Link> link(int index) {
    return snapshot(index, "read link " + index).map(LinkSnapshot::link);
  }

  @Override
  public List<Address> addresses() {
    return addresses(ALL, new KnownLinks(links()));
  }

  @Override
  public List<Address> addresses(String device) {
    return onDevice(device, this::addresses);
  }

  private List<Address> addresses(int link, LinkNames names) {
    List<NetlinkMessage> messages = dump(AddressMessages.dump(link), "list the addresses");
    return parsed(messages, message -> AddressMessages.parse(message, names));
  }

  @Override
  public List<Route> routes() {
    return routes(ALL, new KnownLinks(links()));
  }

  @Override
  public List<Route> routes(String device) {
    return onDevice(device, this::routes);
  }

  private List<Route> routes(int link, LinkNames names) {
    List<NetlinkMessage> messages = dump(RouteMessages.dump(link), "list the routes");
    return parsed(messages, message -> RouteMessages.parse(message, names));
  }

  @Override
  public Optional<Route> routeTo(InetAddress destination) {
    return RouteSearch.find(conversation, destination, new KnownLinks(List.of()));
  }

  @Override
  public List<Route> routesFrom(Set<InetAddress> sources) {
    LinkNames names = new KnownLinks(List.of());
    List<Route> found = new ArrayList<>();
    for (NetlinkWriter family : RouteMessages.dumpFamiliesOf(sources)) {
      for (NetlinkMessage message : dump(family, "list the routes")) {
        if (RouteMessages.prefers(message, sources)) {
          RouteMessages.parse(message, names).ifPresent(found::add);
        }
      }
    }
    return found;
  }

  @Override
  public List<Neighbour> neighbours() {
    return neighbours(ALL, new KnownLinks(links()));
  }

  @Override
  public List<Neighbour> neighbours(String device) {
    return onDevice(device, this::neighbours);
  }

  private List<Neighbour> neighbours(int link, LinkNames names) {
    List<NetlinkMessage> messages =
        new ArrayList<>(dump(NeighbourMessages.dump(link), "list the neighbours"));
    messages.addAll(dump(NeighbourMessages.dumpProxies(link), "list the proxy neighbours"));
    return parsed(messages, message -> NeighbourMessages.parse(message, names));
  }

  private static <T> List<T> parsed(
      List<NetlinkMessage> messages, Function<NetlinkMessage, Optional<T>> parser) {
    List<T> found = new ArrayList<>();
    for (NetlinkMessage message : messages) {
      parser.apply(message).ifPresent(found::add);
    }
    return List.copyOf(found);
  }

  /** The kernel leaves out the other devices' (GET_STRICT_CHK), of which there may be hundreds. */
  private <T> List<T> onDevice(String device, BiFunction<Integer, LinkNames, List<T>> read) {
    Optional<NetlinkMessage> link = ask(LinkMessages.get(device), device);
    try {
      return link.isPresent()
          ? read.apply(LinkMessages.index(link.get()), new KnownLinks(link.get()))
          : List.of();
    } catch (KernelException e) {
      if (e.errno() == Errno.ENODEV) {
        return List.of();
      }
      throw e;
    }
  }

  @Override
  public void create(LinkSpec spec) {
    if (spec.kind().name().equals(TapKind.NAME)) {
      createTap(spec);
    } else {
      createByMessage(spec);
    }
  }

  /** Told to stay last: one that is not marked yet goes with us, should we be killed. */
  private void createTap(LinkSpec spec) {
    LinkChange.Builder born = LinkChange.builder().gsoMaxSize(SendingEnd.FITTING_GSO);
    spec.mac().ifPresent(born::mac);
    spec.mtu().ifPresent(born::mtu);
    try (Tap tap = home.call(() -> Tap.open(spec.name()))) {
      change(spec.name(), born.group(spec.group()).build());
      tap.stay();
    }
  }

  private void createByMessage(LinkSpec spec) {
    String operation = KernelWords.create(spec);
    Optional<String> lower = spec.kind().lower();
    int index = lower.isPresent() ? index(lower.get(), operation) : 0;
    send(LinkMessages.create(spec, index), operation);
  }

  /**
   * Asks for one without a number, which is never made: a kernel that knows no such links, and
   * finds no module for them, says so before it looks.
   */
  @Override
  public boolean makesVlans() {
    LinkSpec nameless = LinkSpec.of("vlan", VlanFlags.DEFAULT);
    try {
      conversation.change(LinkMessages.create(nameless, 0));
      throw new IllegalStateException("the kernel made a VLAN without a number");
    } catch (NetlinkException e) {
      if (e.errno() == Errno.EPERM) {
        throw Libc.failure("ask for the kernel's VLANs", e.errno(), e.text());
      }
      return e.errno() != Errno.EOPNOTSUPP;
    }
  }

  /** Makes such a bridge, in a namespace that ends with it: one kernel refuses, another forgets. */
  @Override
  public boolean filtersVlans() {
    String bridge = "probe";
    try (Namespace scratch = Namespace.create();
        NetlinkKernel kernel = scratch.kernel()) {
      kernel.create(LinkSpec.of(bridge, new VlanFiltering(true)));
      return kernel.link(bridge).flatMap(VlanFiltering::of).isPresent();
    } catch (KernelException e) {
      if (e.errno() != Errno.EOPNOTSUPP) {
        throw e;
      }
      return false;
    }
  }

  @Override
  public void delete(String device) {
    String operation = "delete " + device;
    send(LinkMessages.delete(index(device, operation)), operation);
  }

  @Override
  public void change(String device, LinkChange change) {
    new LinkChanger(this, device, change).apply();
  }

  @Override
  public void add(Address address) {
    String operation = KernelWords.address("add", address);
    send(AddressMessages.add(address, asked(operation)), operation);
  }

  @Override
  public void remove(Address address) {
    String operation = KernelWords.address("remove", address);
    send(AddressMessages.remove(address, asked(operation)), operation);
  }

  @Override
  public void change(Address address) {
    String operation = KernelWords.address("change", address);
    send(AddressMessages.change(address, asked(operation)), operation);
  }

  @Override
  public void add(Route route) {
    String operation = KernelWords.route("add", route);
    send(RouteMessages.add(route, asked(operation)), operation);
  }

  @Override
  public void remove(Route route) {
    String operation = KernelWords.route("remove", route);
    send(RouteMessages.remove(route, asked(operation)), operation);
  }

  @Override
  public void append(Route route) {
    String operation = KernelWords.route("append", route);
    send(RouteMessages.append(route, asked(operation)), operation);
  }

  @Override
  public void replace(Route route) {
    String operation = KernelWords.route("replace", route);
    send(RouteMessages.replace(route, asked(operation)), operation);
  }

  @Override
  public void add(Neighbour neighbour) {
    String operation = KernelWords.neighbour("add", neighbour);
    send(NeighbourMessages.add(neighbour, asked(operation)), operation);
  }

  @Override
  public void remove(Neighbour neighbour) {
    String operation = KernelWords.neighbour("remove", neighbour);
    send(NeighbourMessages.remove(neighbour, asked(operation)), operation);
  }

  /** The namespace that it shows, as long as this is open. */
  public HomeNamespace home() {
    return home;
  }

  @Override
  public Optional<String> sysctl(String key) {
    try {
      return Optional.of(home.call(() -> Sysctl.here().read(key)));
    } catch (KernelException e) {
      if (e.errno() == Errno.ENOENT) {
        return Optional.empty();
      }
      throw e;
    }
  }

  @Override
  public void sysctl(String key, String value) {
    home.call(
        () -> {
          Sysctl.here().write(key, value);
          return null;
        });
  }

  @Override
  public void close() {
    home.close();
    transport.close();
  }

  /** Sends a change; a refusal gets the operation's name. */
  void send(NetlinkWriter request, String operation) {
    try {
      conversation.change(request);
    } catch (NetlinkException e) {
      throw Libc.failure(operation, e.errno(), e.text());
    }
  }

  /** The link of this name as it is now, for {@link LinkSnapshot#parse}. */
  NetlinkMessage message(String device, String operation) {
    return ask(LinkMessages.get(device), operation).orElseThrow(() -> noDevice(operation));
  }

  /** The link of this number as it is now; empty when it is gone, or in another namespace. */
  Optional<LinkSnapshot> snapshot(int index, String operation) {
    return snapshot(LinkMessages.get(index), operation);
  }

  int index(String device, String operation) {
    return LinkMessages.index(message(device, operation));
  }

  private Optional<LinkSnapshot> snapshot(NetlinkWriter request, String operation) {
    return ask(request, operation).map(LinkSnapshot::parse);
  }

  private Optional<NetlinkMessage> ask(NetlinkWriter request, String operation) {
    try {
      return Optional.of(conversation.get(request));
    } catch (NetlinkException e) {
      if (e.errno() == Errno.ENODEV) {
        return Optional.empty();
      }
      throw Libc.failure(operation, e.errno(), e.text());
    }
  }

  private List<NetlinkMessage> dump(NetlinkWriter request, String operation) {
    try {
      return conversation.dump(request);
    } catch (NetlinkException e) {
      throw Libc.failure(operation, e.errno(), e.text());
    }
  }

  private static KernelException noDevice(String operation) {
    return Libc.failure(operation, Errno.ENODEV, "");
  }

  /** Names as a request needs them: each asked for now. */
  private LinkNames asked(String operation) {
    return new LinkNames() {
      @Override
      public Optional<String> name(int index) {
        return snapshot(index, operation).map(found -> found.link().name());
      }

      @Override
      public int index(String name) {
        return NetlinkKernel.this.index(name, operation);
      }
    };
  }

  /** Names as a list needs them: known beforehand, others asked for one by one. */
  private final class KnownLinks implements LinkNames {
    private final Map<Integer, Optional<String>> names = new HashMap<>();

    KnownLinks(List<Link> links) {
      links.forEach(link -> names.put(link.index(), Optional.of(link.name())));
    }

    /** One link, of which no more is read: a script asks that often. */
    KnownLinks(NetlinkMessage link) {
      names.put(LinkMessages.index(link), Optional.of(LinkMessages.name(link)));
    }

    @Override
    public Optional<String> name(int index) {
      return names.computeIfAbsent(index, asked("name link " + index)::name);
    }

    @Override
    public int index(String name) {
      return NetlinkKernel.this.index(name, "number " + name);
    }
  }
}
