package org.passerelle.scripts.trunk;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.passerelle.bridge.learning.BridgePort;
import org.passerelle.bridge.learning.Trunk;
import org.passerelle.link.os.Poller;
import org.passerelle.link.os.Tap;
import org.passerelle.link.rtnl.Kernel;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.link.wire.VlanId;
import org.passerelle.scripts.ScriptLog;
import org.passerelle.vlan.TaggedNic;

/**
 * The VLANs that a trunk process serves: for each the other end of its tap, which is as the NIC is
 * in carrier and MTU. It is told of links and of the NIC by whoever hears the kernel.
 */
final class ServedVlans implements AutoCloseable {
  private final Kernel kernel;
  private final Poller poller;
  private final Trunk frames;
  private final ScriptLog log;
  private final Attempts attempts;

  /** By the number of its tap. */
  private final Map<Integer, ServedVlan> served = new HashMap<>();

  /** Those that are there and were not taken up, by the number of the tap. */
  private final Map<Integer, RefusedTap> refused = new HashMap<>();

  /** What could not be done for a tap, and why. */
  private record RefusedTap(String what, KernelException why) {}

  /**
   * None yet.
   *
   * @param frames what carries them
   */
  ServedVlans(Kernel kernel, Poller poller, Trunk frames, ScriptLog log) {
    this.kernel = kernel;
    this.poller = poller;
    this.frames = frames;
    this.log = log;
    this.attempts = new Attempts(log);
  }

  /** Whether there are none, nor any that could not be served. */
  boolean isEmpty() {
    return served.isEmpty() && refused.isEmpty();
  }

  /** Why none is served; empty when one is, or none could be. */
  Optional<KernelException> refusal() {
    return served.isEmpty()
        ? refused.values().stream().map(RefusedTap::why).findFirst()
        : Optional.empty();
  }

  /** Whether there are {@link #refused}; asked after each frame. */
  boolean areRefused() {
    return !refused.isEmpty() && !refused().isEmpty();
  }

  /** The taps that were not to be had, and may be by now. */
  Set<Integer> refused() {
    return refused.entrySet().stream()
        .filter(one -> Passing.isOne(one.getValue().why()))
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  SortedSet<VlanId> vlans() {
    return served.values().stream()
        .map(ServedVlan::vlan)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** A VLAN's tap is there, or has changed. */
  void hear(Link tap, VlanId vlan, Link line) {
    if (!served.containsKey(tap.index())) {
      take(tap, vlan, line);
    }
    fit(tap, line);
  }

  private void take(Link tap, VlanId vlan, Link line) {
    if (served.values().stream().anyMatch(one -> one.vlan().equals(vlan))) {
      attempts.warn(tap.name() + " is marked as VLAN " + vlan + ", which has a device already");
      return;
    }
    String what = "serve " + tap.name();
    attempts
        .make(what, () -> serve(tap, vlan, Tap.attach(tap.name(), tap.index()), line))
        .ifPresentOrElse(
            why -> refused.put(tap.index(), new RefusedTap(what, why)),
            () -> refused.remove(tap.index()));
  }

  private void serve(Link link, VlanId vlan, Tap tap, Link line) {
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

  /** As the kernel's own VLANs: no longer frames than the NIC's. */
  private void fit(Link tap, Link line) {
    if (tap.mtu() > line.mtu()) {
      attempts.make(
          "keep the frames of " + tap.name() + " as short as the NIC's",
          () -> kernel.change(tap.name(), LinkChange.builder().mtu(line.mtu()).build()));
    }
  }

  /** The NIC has become another than it was. */
  void lineChanged(Link before, Link line) {
    if (line.isRunning() != before.isRunning()) {
      served.values().forEach(vlan -> connect(vlan, line));
    }
    if (line.mtu() < before.mtu()) {
      kernel.links().stream()
          .filter(link -> served.containsKey(link.index()))
          .forEach(tap -> fit(tap, line));
    }
  }

  /** A VLAN has a carrier while its NIC has one. */
  private void connect(ServedVlan vlan, Link line) {
    attempts.make(
        "set the carrier of VLAN " + vlan.vlan(), () -> vlan.tap().carrier(line.isRunning()));
  }

  /** The tap was deleted under our hands; the news of that may come later. */
  void lost(BridgePort port) {
    release(served.values().stream().filter(vlan -> vlan.port() == port).toList());
  }

  /** A link is gone, perhaps one of a VLAN. */
  void gone(int index) {
    Optional.ofNullable(refused.remove(index)).ifPresent(one -> attempts.forget(one.what()));
    Optional.ofNullable(served.get(index)).ifPresent(vlan -> release(List.of(vlan)));
  }

  /** Only these links are there. */
  void keepThose(Set<Integer> there) {
    Stream.concat(served.keySet().stream(), refused.keySet().stream())
        .filter(index -> !there.contains(index))
        .toList()
        .forEach(this::gone);
  }

  private void release(Collection<ServedVlan> vlans) {
    for (ServedVlan vlan : vlans) {
      served.values().remove(vlan);
      frames.remove(vlan.port());
      poller.remove(vlan.tap().descriptor());
      vlan.tap().close();
      log.log(ScriptLog.Level.DEBUG, "serves VLAN " + vlan.vlan() + " no more");
    }
  }

  /** The taps stay, those that were not deleted. */
  @Override
  public void close() {
    served.values().forEach(vlan -> vlan.tap().close());
  }
}
