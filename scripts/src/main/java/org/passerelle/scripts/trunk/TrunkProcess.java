package org.passerelle.scripts.trunk;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.passerelle.bridge.NetloopNames;
import org.passerelle.bridge.learning.BridgePort;
import org.passerelle.bridge.learning.Trunk;
import org.passerelle.link.os.LinkMonitor;
import org.passerelle.link.os.NetlinkKernel;
import org.passerelle.link.os.Opened;
import org.passerelle.link.os.PacketSocket;
import org.passerelle.link.os.Poller;
import org.passerelle.link.plan.Host;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.rtnl.Link;
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
  private final Attempts attempts;
  private final NetlinkKernel kernel;
  private final LinkMonitor monitor;
  private final Poller poller;

  private final KeptVlans kept;
  private final Retries retries = new Retries(System::nanoTime);

  private TrunkState state = TrunkState.STARTING;
  private volatile boolean stopping;

  /** The NIC, under whatever name, and the way to it; null before it was found. */
  private Link line;

  private PacketSocket socket;
  private Trunk frames;
  private ServedVlans served;

  /** Opens what it hears by. Throws KernelException when there are no more descriptors. */
  TrunkProcess(TaggedNic nic, ScriptLog log) {
    this.nic = nic;
    this.log = log;
    this.attempts = new Attempts(log);
    this.kept = new KeptVlans(attempts);
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
    try {
      socket = PacketSocket.openQueued(line.index(), line.name());
    } catch (KernelException e) {
      requireGone(e);
      return;
    }
    frames = new Trunk(socket, (port, cause) -> lost(port));
    served = new ServedVlans(kernel, poller, frames, log);
    int events = Poller.READABLE | Poller.WRITABLE | Poller.EDGE;
    poller.add(socket.descriptor(), events, this::lineReady);
    poller.add(monitor.descriptor(), Poller.READABLE, ready -> hear());
    // First: by the taps' carrier the scripts see that all is done.
    keepFromBridge(present());
    missedSome();
    keepFromBridge(served.vlans());
    if (state.isEnd()) {
      return;
    }
    requireServed();
    if (served.isEmpty()) {
      end(TrunkState.UNUSED);
    } else {
      enter(TrunkState.SERVING);
    }
  }

  /** Where there are VLANs, of which none could be served, it has failed. */
  private void requireServed() {
    if (served.refusal().isPresent() && !nic.served(new Host(kernel)).isEmpty()) {
      throw served.refusal().get();
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
      poller.poll(moved > 0 ? 0 : retries.timeoutMillis());
      if (stopping && !state.isEnd()) {
        enter(TrunkState.STOPPED);
      }
      moved = state.isEnd() ? 0 : carry();
      if (retries.isTime(kept.isRefused() || served.areRefused())) {
        tryAgain();
      }
    }
  }

  /** What may pass without any news. */
  private void tryAgain() {
    if (state.isEnd()) {
      return;
    }
    kept.tryAgain(line);
    served.refused().forEach(this::lookAt);
    settle();
  }

  private void lookAt(int index) {
    kernel
        .link(index)
        .filter(link -> nic.servedVlan(link).isPresent())
        .ifPresentOrElse(this::hear, () -> served.gone(index));
  }

  private int carry() {
    try {
      return frames.doWork();
    } catch (KernelException e) {
      requireGone(e);
      return 0;
    }
  }

  /**
   * What the NIC's socket throws when it is gone says the same as the news that is about to come.
   */
  private void requireGone(KernelException failure) {
    if (kernel.link(line.index()).isPresent()) {
      throw failure;
    }
    end(TrunkState.NIC_GONE);
  }

  private void hear() {
    monitor.read(this);
    settle();
  }

  /** Once for all the news that there was. */
  private void settle() {
    keepFromBridge(served.vlans());
    if (state == TrunkState.SERVING && served.isEmpty()) {
      end(TrunkState.UNUSED);
    }
  }

  private void keepFromBridge(SortedSet<VlanId> vlans) {
    if (!state.isEnd()) {
      kept.keep(line, vlans);
    }
  }

  /** The VLANs that have taps. */
  private SortedSet<VlanId> present() {
    return nic.served(new Host(kernel)).stream()
        .flatMap(tap -> nic.servedVlan(tap).stream())
        .collect(Collectors.toCollection(TreeSet::new));
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
      served.gone(link.index());
    } else {
      hear(link);
    }
  }

  private void hear(Link link) {
    nic.servedVlan(link).ifPresent(vlan -> served.hear(link, vlan, line));
  }

  private void hearOfNic(LinkNews news) {
    if (news.gone()) {
      end(TrunkState.NIC_GONE);
      return;
    }
    Link before = line;
    line = news.link();
    served.lineChanged(before, line);
  }

  private void lost(BridgePort port) {
    served.lost(port);
    settle();
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
    served.keepThose(there);
    all.forEach(this::heard);
  }

  /** Whether it has left neither VLANs nor the filter at the NIC that goes with them. */
  boolean hasCleanedUp() {
    return state == TrunkState.UNUSED || state == TrunkState.NIC_GONE;
  }

  private void end(TrunkState how) {
    if (how == TrunkState.NIC_GONE) {
      nic.served(new Host(kernel))
          .forEach(tap -> attempts.make("delete " + tap.name(), () -> kernel.delete(tap.name())));
    }
    enter(how);
  }

  private void enter(TrunkState next) {
    log.log(ScriptLog.Level.INFO, next + (next.isEnd() ? "" : " VLANs " + vlans()));
    state = next;
  }

  private String vlans() {
    return served.vlans().stream().map(VlanId::toString).collect(Collectors.joining(" "));
  }

  /** The taps stay, those that were not deleted. */
  @Override
  public void close() {
    if (served != null) {
      served.close();
    }
    if (socket != null) {
      socket.close();
    }
    poller.close();
    monitor.close();
    kernel.close();
  }
}
