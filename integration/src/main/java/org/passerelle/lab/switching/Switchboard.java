package org.passerelle.lab.switching;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.passerelle.bridge.learning.PortVlans;
import org.passerelle.link.os.LinkMonitor;
import org.passerelle.link.port.Port;
import org.passerelle.link.rtnl.Kernel;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.rtnl.LinkNews;
import org.passerelle.link.rtnl.LinkSpec;
import org.passerelle.link.rtnl.Refusal;
import org.passerelle.link.rtnl.VethKind;
import org.passerelle.link.wire.VlanId;

/**
 * The bridges and VLANs of one namespace. Any thread may give it commands; they, and the kernel's
 * news, take effect on the switch's thread. Who is whose port is published for all to read.
 */
final class Switchboard implements LinkMonitor.Listener {
  private static final long MILLIS_PER_TICK = 10;

  private final SwitchThread thread;
  private final Doors doors;

  /** All links as they are now, asked for after news were lost. */
  private final Supplier<List<LinkNews>> survey;

  private final Map<Integer, UserBridge> bridges = new HashMap<>();

  /** By the device that carries the VLANs. */
  private final Map<Integer, UserTrunk> trunks = new HashMap<>();

  private volatile Roster roster = Roster.EMPTY;

  Switchboard(SwitchThread thread, Doors doors, Supplier<List<LinkNews>> survey) {
    this.thread = thread;
    this.doors = doors;
    this.survey = survey;
  }

  Roster roster() {
    return roster;
  }

  /** Makes a bridge and its device. */
  void make(Kernel kernel, LinkSpec spec, BridgeSettings settings) {
    Port local = doors.makeLocal(spec);
    try {
      int index = kernel.link(spec.name()).orElseThrow().index();
      thread.run(
          () -> {
            bridges.put(index, new UserBridge(spec.name(), index, thread, local));
            set(index, settings);
          });
    } catch (RuntimeException e) {
      local.close();
      throw e;
    }
  }

  /** Makes a veth pair whose ends may become ports. */
  void makePair(Kernel kernel, LinkSpec spec, VethKind pair) {
    kernel.create(spec);
    try {
      doors.prepare(spec.name(), pair);
    } catch (RuntimeException e) {
      deleteAfter(e, kernel, spec.name());
      throw e;
    }
  }

  private static void deleteAfter(RuntimeException failure, Kernel kernel, String name) {
    try {
      kernel.delete(name);
    } catch (KernelException e) {
      failure.addSuppressed(e);
    }
  }

  /** Changes a bridge's settings. */
  void change(int bridge, BridgeSettings settings) {
    thread.run(() -> set(bridge, settings));
  }

  private void set(int index, BridgeSettings settings) {
    UserBridge bridge = bridges.get(index);
    if (bridge != null) {
      settings.kind().ageingTime().ifPresent(ticks -> bridge.ageing(ticks * MILLIS_PER_TICK));
      filter(bridge, roster.bridges().get(index), settings);
      roster = roster.withBridge(index, settings);
    }
  }

  /** A port of such a bridge is an access port of VLAN 1, as Linux's is (br_vlan.c). */
  private static void filter(UserBridge bridge, BridgeSettings before, BridgeSettings after) {
    boolean did = before != null && before.filters();
    if (after.filters() && !did) {
      bridge.vlans(PortVlans.access(new VlanId(VlanId.LOWEST)));
    } else if (!after.filters() && did) {
      bridge.noVlans();
    }
  }

  /** Makes a VLAN's device; the first one on a device opens the way to that. */
  void makeVlan(Kernel kernel, LinkSpec spec, VlanSettings settings, Link lower) {
    Port local = doors.makeLocal(spec);
    try {
      int index = kernel.link(spec.name()).orElseThrow().index();
      if (!thread.call(() -> trunks.containsKey(lower.index()))) {
        addTrunk(lower, doors.share(lower.name()));
      }
      thread.run(() -> addVlan(index, settings, local, spec.name()));
    } catch (RuntimeException e) {
      local.close();
      throw e;
    }
  }

  private void addTrunk(Link lower, Port port) {
    try {
      thread.run(
          () ->
              trunks.put(lower.index(), new UserTrunk(lower.name(), lower.index(), thread, port)));
    } catch (RuntimeException e) {
      port.close();
      throw e;
    }
  }

  private void addVlan(int device, VlanSettings settings, Port local, String name) {
    UserTrunk trunk = trunks.get(settings.lower());
    if (trunk == null) {
      throw Refusals.of("create " + name, Refusal.ENODEV, "the device below is just gone");
    }
    trunk.add(device, settings.kind().id(), local);
    roster = roster.withVlan(device, settings);
  }

  /** Ends a VLAN whose device is gone, or those on a device that is gone. */
  void endVlans(int device) {
    thread.call(() -> takeVlans(device)).forEach(Port::close);
  }

  private List<Port> takeVlans(int device) {
    List<Port> lost = new ArrayList<>();
    VlanSettings vlan = roster.vlans().get(device);
    if (vlan != null) {
      UserTrunk trunk = trunks.get(vlan.lower());
      trunk.remove(device).ifPresent(lost::add);
      if (trunk.isIdle()) {
        trunks.remove(vlan.lower());
        lost.addAll(trunk.end());
      }
    }
    UserTrunk own = trunks.remove(device);
    lost.addAll(own == null ? List.of() : own.end());
    roster = roster.withoutVlans(device);
    return lost;
  }

  /** Makes a device a port of a bridge of ours, whosever it was. */
  void enslave(Link device, int bridge) {
    if (thread.call(() -> move(device, bridge))) {
      return;
    }
    Port port = doors.takeOver(device.name());
    try {
      thread.run(() -> add(device, bridge, port));
    } catch (RuntimeException e) {
      port.close();
      throw e;
    }
  }

  /** Returns whether it was a port. It stays one of its old bridge's where there is no new one. */
  private boolean move(Link device, int index) {
    require(device, index);
    Optional<Port> moving = take(device.index());
    moving.ifPresent(port -> addOrGiveBack(device, index, port));
    return moving.isPresent();
  }

  private void addOrGiveBack(Link device, int index, Port port) {
    try {
      add(device, index, port);
    } catch (RuntimeException e) {
      thread.closeLater(List.of(port));
      throw e;
    }
  }

  private UserBridge require(Link device, int index) {
    UserBridge bridge = bridges.get(index);
    if (bridge == null) {
      throw Refusals.of(
          "set " + device.name() + " master", Refusal.ENODEV, "the bridge is just gone");
    }
    return bridge;
  }

  private void add(Link device, int index, Port port) {
    UserBridge bridge = require(device, index);
    bridge.add(device.index(), port, device.isRunning());
    roster = roster.withMaster(device.index(), index);
  }

  /** Gives a port's device back; nothing happens when it is none. */
  void release(int device) {
    thread.call(() -> take(device)).ifPresent(Port::close);
  }

  private Optional<Port> take(int device) {
    UserBridge bridge = bridges.get(roster.master(device));
    if (bridge == null) {
      return Optional.empty();
    }
    roster = roster.withoutMaster(device);
    return bridge.remove(device);
  }

  /** Ends a bridge whose device is gone; its ports' devices are given back when this returns. */
  void end(int bridge) {
    thread.call(() -> takeAll(bridge)).forEach(Port::close);
    thread.awaitClosed(); // the switch may have heard of it before
  }

  private List<Port> takeAll(int index) {
    UserBridge bridge = bridges.remove(index);
    roster = roster.withoutBridge(index);
    return bridge == null ? List.of() : bridge.end();
  }

  /** Ends all VLANs and bridges. */
  void endAll() {
    thread.call(() -> Set.copyOf(trunks.keySet())).forEach(this::endVlans);
    thread.call(() -> Set.copyOf(bridges.keySet())).forEach(this::end);
  }

  @Override
  public void heard(LinkNews news) {
    if (news.gone()) {
      forget(news.link().index());
    } else {
      changed(news.link());
      UserBridge bridge = bridges.get(news.link().index());
      if (bridge != null) {
        bridge.promiscuous(news.promiscuity() > 0);
      }
    }
  }

  private void changed(Link link) {
    UserBridge own = bridges.get(link.index());
    UserBridge master = bridges.get(roster.master(link.index()));
    if (own != null) {
      own.up(link.isUp());
    } else if (master != null) {
      master.carrier(link.index(), link.isRunning());
    }
  }

  private void forget(int device) {
    List<Port> lost = new ArrayList<>(takeAll(device));
    take(device).ifPresent(lost::add);
    lost.addAll(takeVlans(device));
    thread.closeLater(lost);
  }

  @Override
  public void missedSome() {
    List<LinkNews> all = survey.get();
    all.forEach(this::heard);
    Set<Integer> known = new HashSet<>(bridges.keySet());
    known.addAll(roster.masters().keySet());
    known.addAll(roster.vlans().keySet());
    known.addAll(trunks.keySet());
    known.removeAll(all.stream().map(news -> news.link().index()).collect(Collectors.toSet()));
    known.forEach(this::forget);
  }
}
