package org.passerelle.scripts.trunk;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.passerelle.bridge.NetloopNames;
import org.passerelle.bridge.learning.BridgePort;
import org.passerelle.bridge.learning.Trunk;
import org.passerelle.link.os.IngressVlans;
import org.passerelle.link.os.LinkMonitor;
import org.passerelle.link.os.NetlinkKernel;
import org.passerelle.link.os.Opened;
import org.passerelle.link.os.PacketSocket;
import org.passerelle.link.os.Poller;
import org.passerelle.link.os.Tap;
import org.passerelle.link.plan.Host;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.link.rtnl.LinkNews;
import org.passerelle.link.wire.VlanId;
import org.passerelle.scripts.ScriptLog;
import org.passerelle.vlan.TaggedNic;

/**
 * Serves a NIC's VLANs until there is nothing to serve. One thread does all of it: the frames, and
 * what the kernel tells of its links.
 */
final class TrunkProcess implements LinkMonitor.Listener, AutoCloseable {
  private final TaggedNic nic;
  private final ScriptLog log;
  private final NetlinkKernel kernel;
  private final LinkMonitor monitor;
  private final Poller poller;

  /** By the number of its tap. */
  private final Map<Integer, ServedVlan> served = new HashMap<>();

  /** Whose frames a bridge does not get that the NIC is a port of; unknown at the start. */
  private SortedSet<VlanId> kept;

  private TrunkState state = TrunkState.STARTING;
  private volatile boolean stopping;

  /** The NIC, under whatever name, and the way to it; null before it was found. */
  private Link line;

  private PacketSocket socket;
  private Trunk frames;

  /** Opens what it hears by. Throws KernelException when there are no more descriptors. */
  TrunkProcess(TaggedNic nic, ScriptLog log) {
    this.nic = nic;
    this.log = log;
    Opened opened = new Opened();
    try {
      kernel = opened.add(NetlinkKernel.open());
      monitor = opened.add(LinkMonitor.open());
      poller = opened.add(new Poller());
    } catch (RuntimeException e) {
      opened.closeAfter(e);
      throw e;
    }
  }

  /** Has it end soon, from another thread. */
  void stop() {
    stopping = true;
    poller.wakeUp();
  }

  /**
   * Takes up what is there, after it has begun to listen for what changes. False where there is
   * neither such a NIC nor anything left of one.
   */
  boolean start() {
    Host host = new Host(kernel);
    Optional<Link> found = NetloopNames.nicBehind(host, nic.netdev());
    if (found.isPresent()) {
      start(found.get());
      return true;
    }
    if (nic.served(host).isEmpty()) {
      return false;
    }
    end(TrunkState.NIC_GONE);
    return true;
  }

  private void start(Link there) {
    line = there;
    socket = PacketSocket.openQueued(line.name());
    frames = new Trunk(socket, (port, cause) -> lost(port));
    int events = Poller.READABLE | Poller.WRITABLE | Poller.EDGE;
    poller.add(socket.descriptor(), events, this::lineReady);
    poller.add(monitor.descriptor(), Poller.READABLE, ready -> hear());
    missedSome();
    keepFromBridge();
    if (served.isEmpty()) {
      end(TrunkState.UNUSED);
    } else {
      enter(TrunkState.SERVING);
    }
  }

  private void lineReady(int events) {
    if ((events & Poller.WRITABLE) != 0) {
      frames.lineWritable();
    }
    if ((events & ~Poller.WRITABLE) != 0) {
      frames.lineReadable();
    }
  }

  /** Returns when it has come to an end. */
  void serve() {
    int moved = 1;
    while (!state.isEnd()) {
      poller.poll(moved > 0 ? 0 : -1);
      if (stopping && !state.isEnd()) {
        enter(TrunkState.STOPPED);
      }
      moved = state.isEnd() ? 0 : carry();
    }
  }

  /** What the NIC's socket throws says the same as the news that is about to come. */
  private int carry() {
    try {
      return frames.doWork();
    } catch (KernelException e) {
      if (kernel.link(line.index()).isPresent()) {
        throw e;
      }
      end(TrunkState.NIC_GONE);
      return 0;
    }
  }

  private void hear() {
    monitor.read(this);
    keepFromBridge();
    if (state == TrunkState.SERVING && served.isEmpty()) {
      end(TrunkState.UNUSED);
    }
  }

  /** Once for all the news that there was. */
  private void keepFromBridge() {
    SortedSet<VlanId> now =
        served.values().stream()
            .map(ServedVlan::vlan)
            .collect(Collectors.toCollection(TreeSet::new));
    if (state.isEnd() || now.equals(kept)) {
      return;
    }
    kept = now;
    attempt("where " + line.name() + " is a bridge's port, VLANs pass there too", this::keep);
  }

  private void keep() {
    if (kept.isEmpty()) {
      IngressVlans.end(line.index(), line.name());
    } else {
      IngressVlans.drop(line.index(), line.name(), kept);
    }
  }

  @Override
  public void heard(LinkNews news) {
    Link link = news.link();
    if (state.isEnd()) {
      return;
    }
    if (link.index() == line.index()) {
      hearOfNic(news);
    } else if (news.gone()) {
      Optional.ofNullable(served.get(link.index())).ifPresent(this::release);
    } else {
      nic.servedVlan(link).ifPresent(vlan -> hearOfTap(link, vlan));
    }
  }

  private void hearOfNic(LinkNews news) {
    if (news.gone()) {
      end(TrunkState.NIC_GONE);
      return;
    }
    Link before = line;
    line = news.link();
    if (line.isRunning() != before.isRunning()) {
      served.values().forEach(this::connect);
    }
    if (line.mtu() < before.mtu()) {
      kernel.links().stream().filter(link -> served.containsKey(link.index())).forEach(this::fit);
    }
  }

  /** A VLAN has a carrier while its NIC has one. */
  private void connect(ServedVlan vlan) {
    attempt("set the carrier of VLAN " + vlan.vlan(), () -> vlan.tap().carrier(line.isRunning()));
  }

  private void hearOfTap(Link tap, VlanId vlan) {
    if (!served.containsKey(tap.index())) {
      take(tap, vlan);
    }
    fit(tap);
  }

  /** As the kernel's own VLANs: no longer frames than the NIC's. */
  private void fit(Link tap) {
    if (tap.mtu() > line.mtu()) {
      attempt(
          "keep the frames of " + tap.name() + " as short as the NIC's",
          () -> kernel.change(tap.name(), LinkChange.builder().mtu(line.mtu()).build()));
    }
  }

  private void take(Link tap, VlanId vlan) {
    if (served.values().stream().anyMatch(one -> one.vlan().equals(vlan))) {
      log.log(
          ScriptLog.Level.WARNING,
          tap.name() + " is marked as VLAN " + vlan + ", which has a device already");
      return;
    }
    attempt("serve " + tap.name(), () -> serve(tap, vlan, Tap.attach(tap.name(), tap.index())));
  }

  private void serve(Link link, VlanId vlan, Tap tap) {
    try {
      tap.offloads(true, true, true);
      tap.carrier(line.isRunning());
      BridgePort port =
          TaggedNic.isOfVif(link) ? frames.addGuests(vlan, tap) : frames.add(vlan, tap);
      served.put(link.index(), new ServedVlan(vlan, tap, port));
      poller.add(tap.descriptor(), Poller.READABLE | Poller.EDGE, ready -> frames.ready(port));
    } catch (RuntimeException e) {
      tap.close();
      throw e;
    }
    log.log(ScriptLog.Level.DEBUG, "serves VLAN " + vlan + " by " + link.name());
  }

  /** One VLAN's trouble is not the others'. */
  private void attempt(String what, Runnable action) {
    try {
      action.run();
    } catch (KernelException | IllegalArgumentException e) {
      log.log(ScriptLog.Level.WARNING, what + ": " + e.getMessage());
    }
  }

  /** The tap was deleted under our hands; the news of that may come later. */
  private void lost(BridgePort port) {
    served.values().stream()
        .filter(vlan -> vlan.port() == port)
        .findFirst()
        .ifPresent(this::release);
    keepFromBridge();
    if (served.isEmpty()) {
      end(TrunkState.UNUSED);
    }
  }

  private void release(ServedVlan vlan) {
    served.values().remove(vlan);
    frames.remove(vlan.port());
    poller.remove(vlan.tap().descriptor());
    vlan.tap().close();
    log.log(ScriptLog.Level.DEBUG, "serves VLAN " + vlan.vlan() + " no more");
  }

  /** All links as they are, after news were lost, and at the start. */
  @Override
  public void missedSome() {
    List<LinkNews> all = kernel.linkNews();
    Set<Integer> there = all.stream().map(one -> one.link().index()).collect(Collectors.toSet());
    if (!there.contains(line.index())) {
      end(TrunkState.NIC_GONE);
      return;
    }
    List.copyOf(served.entrySet()).stream()
        .filter(one -> !there.contains(one.getKey()))
        .forEach(one -> release(one.getValue()));
    all.forEach(this::heard);
  }

  /** Whether it has left neither VLANs nor the filter at the NIC that goes with them. */
  boolean hasCleanedUp() {
    return state == TrunkState.UNUSED || state == TrunkState.NIC_GONE;
  }

  private void end(TrunkState how) {
    if (how == TrunkState.NIC_GONE) {
      nic.served(new Host(kernel))
          .forEach(tap -> attempt("delete " + tap.name(), () -> kernel.delete(tap.name())));
    }
    enter(how);
  }

  private void enter(TrunkState next) {
    log.log(ScriptLog.Level.INFO, next + (next.isEnd() ? "" : " VLANs " + vlans()));
    state = next;
  }

  private String vlans() {
    return served.values().stream()
        .map(ServedVlan::vlan)
        .sorted()
        .map(VlanId::toString)
        .collect(Collectors.joining(" "));
  }

  /** The taps stay, those that were not deleted. */
  @Override
  public void close() {
    served.values().forEach(vlan -> vlan.tap().close());
    if (socket != null) {
      socket.close();
    }
    poller.close();
    monitor.close();
    kernel.close();
  }
}
