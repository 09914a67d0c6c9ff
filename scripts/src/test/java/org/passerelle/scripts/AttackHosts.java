package org.passerelle.scripts;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.xenstore.XenStore;
import org.passerelle.hypervisor.xenstore.server.StoreServer;
import org.passerelle.link.os.Namespace;
import org.passerelle.link.os.PacketSocket;
import org.passerelle.link.port.Frame;
import org.passerelle.link.testing.TestNamespaces;
import org.passerelle.link.wire.IpPrefix;
import org.passerelle.link.wire.MacAddress;

/**
 * {@link RouterHosts}, with a second guest who is to be the victim, and a raw sender in the first.
 *
 * <pre>
 *   outside w0 ------ eth0 dom0 vif7.0 ------ eth0 guest, who attacks
 *                              vif8.0 ------ eth0 victim
 * </pre>
 */
final class AttackHosts implements AutoCloseable {
  private static final MacAddress MAC = MacAddress.parse("00:16:3e:00:00:07");

  /** How dom0 connects its guests. */
  enum Mode {
    BRIDGE("192.0.2.", "2001:db8::"),
    NAT("10.0.9.", "fd00:7::"),
    ROUTE("192.0.2.", "2001:db8::");

    private final String net4;
    private final String net6;

    Mode(String net4, String net6) {
      this.net4 = net4;
      this.net6 = net6;
    }

    boolean isBridged() {
      return this == BRIDGE;
    }

    String addresses(int number) {
      return net4 + number + " " + net6 + number;
    }

    HotplugScript vif() {
      return switch (this) {
        case BRIDGE -> new VifBridge();
        case NAT -> new VifNat();
        case ROUTE -> new VifRoute();
      };
    }
  }

  /** What is before the guest: the filter; without its addresses, all that the filter can do. */
  enum Filter {
    NONE,
    WHOLE,
    WITHOUT_IP
  }

  final RouterHosts hosts;
  final Namespace victim;
  private final StoreServer server = new StoreServer();
  private final XenStore store = server.connect(DomainId.DOM0);
  private final Path runDirectory;
  private final Arena arena = Arena.ofShared();
  private final Frame frame = new Frame(arena);
  private final PacketSocket sender;
  private Mode mode;

  AttackHosts(TestNamespaces namespaces, Path runDirectory) {
    this.runDirectory = runDirectory;
    hosts = new RouterHosts(namespaces);
    victim = namespaces.create();
    namespaces.wire(hosts.dom0, "vif8.0", victim, "eth0");
    ip("link set vif8.0 address fe:ff:ff:ff:ff:ff");
    RouterHosts.run(
        hosts.dom0, "for f in /proc/sys/net/ipv4/conf/*/rp_filter; do echo 0 > $f; done");
    sender = hosts.guest.call(() -> PacketSocket.open("eth0"));
  }

  private void ip(String words) {
    RouterHosts.ip(hosts.dom0, words);
  }

  private static String macOf(Namespace where, String device) {
    String words = RouterHosts.ip(where, "-br link show dev " + device);
    return words.strip().split("\\s+")[2];
  }

  private ScriptRun script(HotplugScript script, String device) {
    String backend = backend(device);
    return new ScriptRun(script, hosts.kernel, runDirectory)
        .with(store)
        .with("XENBUS_PATH", backend)
        .with("vif", device);
  }

  private static String backend(String device) {
    return "backend/vif/" + device.substring(3).replace('.', '/');
  }

  private void succeeds(ScriptRun script, String... words) {
    int code = script.run(words);
    if (code != 0) {
      throw new AssertionError(String.join(" ", words) + ": " + script.err());
    }
  }

  /** Describes a vif to the scripts. */
  private void describe(String device, MacAddress mac, int number, String name) {
    describe(device, mac, mode.addresses(number), name);
  }

  private void describe(String device, MacAddress mac, String addresses, String name) {
    String backend = backend(device);
    store.write(backend, "");
    store.remove(backend);
    store.write(backend + "/mac", mac.toString());
    store.write(backend + "/ip", addresses);
    store.write(backend + "/bridge", "xenbr0");
    if (!name.isEmpty()) {
      store.write(backend + "/vifname", name);
    }
  }

  /** Sets up what the guests are to be connected to, and connects the victim. */
  void begin(Mode chosen) {
    mode = chosen;
    if (mode.isBridged()) {
      ip("link add xenbr0 type bridge forward_delay 0");
      ip("link set xenbr0 up");
      ip("link set eth0 master xenbr0");
    } else {
      succeeds(script(network(), "vif8.0"), "start", "ipv6=yes");
    }
    describe("vif8.0", MacAddress.parse(macOf(victim, "eth0")), 8, "");
    succeeds(script(mode.vif(), "vif8.0"), "online");
    if (!mode.isBridged()) {
      neighbours("vif8.0", mode.addresses(8), macOf(victim, "eth0"));
      neighbours("eth0", "192.0.2.1 2001:db8::1", macOf(hosts.outside, "w0"));
    }
  }

  private void neighbours(String device, String addresses, String mac) {
    for (String address : addresses.split(" ")) {
      ip("neighbour replace " + address + " lladdr " + mac + " dev " + device + " nud permanent");
    }
  }

  private HotplugScript network() {
    return mode == Mode.NAT ? new NetworkNat() : new NetworkRoute();
  }

  void end() {
    succeeds(script(mode.vif(), "vif8.0"), "offline");
    if (mode.isBridged()) {
      ip("link set eth0 nomaster");
      ip("link delete xenbr0");
    } else {
      succeeds(script(network(), "vif8.0"), "stop");
    }
  }

  /** A guarded vif of this name vanishes without a word. */
  void leaveBehind(String name) {
    ip("link add vif6.0 type veth peer name gone");
    describe("vif6.0", MacAddress.parse("00:16:3e:00:00:06"), 6, name);
    succeeds(script(mode.vif(), "vif6.0"), "online", "antispoof=yes");
    ip("link delete " + name);
  }

  void online(String name, Filter filter) {
    describe("vif7.0", MAC, filter == Filter.WITHOUT_IP ? "" : mode.addresses(7), name);
    String antispoof = filter == Filter.NONE ? "no" : "yes";
    succeeds(script(mode.vif(), "vif7.0"), "online", "antispoof=" + antispoof);
    // Asked for a link, the kernel looks at its carrier at once: then a port forwards.
    hosts.kernel.links();
  }

  /** Takes it offline, and gives it back the name that netback gave it. */
  void offline(String name) {
    succeeds(script(mode.vif(), "vif7.0"), "offline");
    if (!name.isEmpty()) {
      ip("link set " + name + " alias ''");
      ip("link set " + name + " name vif7.0");
    }
  }

  /** To everybody on a bridge; to the victim and to the outside where dom0 routes. */
  List<Attack.Way> ways() {
    List<Attack.Way> ways = new ArrayList<>();
    ways.add(way(mode.addresses(8)));
    if (!mode.isBridged()) {
      ways.add(way("192.0.2.1 2001:db8::1"));
    }
    return ways;
  }

  private Attack.Way way(String to) {
    return new Attack.Way(
        mode.isBridged() ? MacAddress.BROADCAST : MacAddress.VIF,
        MAC,
        address(mode.addresses(7), 0),
        address(mode.addresses(7), 1),
        address(mode.addresses(99), 0),
        address(mode.addresses(99), 1),
        address(to, 0),
        address(to, 1));
  }

  private static InetAddress address(String addresses, int which) {
    return IpPrefix.address(addresses.split(" ")[which]);
  }

  void send(List<byte[]> frames) {
    synchronized (frame) {
      for (byte[] octets : frames) {
        frame.length(octets.length);
        frame.data().copyFrom(MemorySegment.ofArray(octets));
        while (!sender.send(frame)) {
          Thread.onSpinWait();
        }
      }
    }
  }

  @Override
  public void close() {
    sender.close();
    arena.close();
    store.close();
    server.close();
    hosts.close();
  }
}
