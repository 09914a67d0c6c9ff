package org.passerelle.lab.switching;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.passerelle.bridge.learning.BridgePort;
import org.passerelle.bridge.learning.LearningBridge;
import org.passerelle.bridge.learning.PortVlans;
import org.passerelle.link.os.Poller;
import org.passerelle.link.port.Frame;
import org.passerelle.link.port.Port;

/**
 * A bridge, its own device and its ports by the indices of their devices. It forwards while its
 * device is up. Used by the switch's thread only.
 */
final class UserBridge {
  private static final Logger LOG = System.getLogger(UserBridge.class.getName());

  private final String name;
  private final int index;
  private final SwitchThread thread;
  private final LearningBridge frames;
  private final Map<Integer, Member> members = new HashMap<>();
  private final Frame scratch = new Frame(Arena.ofAuto());
  private boolean up;
  private boolean promiscuous;

  /**
   * A bridge that is down.
   *
   * @param name of its device, for logs
   * @param index of its device
   * @param local the way to its device; a port like any other
   */
  UserBridge(String name, int index, SwitchThread thread, Port local) {
    this.name = name;
    this.index = index;
    this.thread = thread;
    this.frames = new LearningBridge(name, System::nanoTime, this::failed);
    add(index, local, true);
    thread.add(this);
  }

  int doWork() {
    return frames.doWork();
  }

  void ageing(long millis) {
    frames.ageing(millis);
  }

  /** The ports that it has, and will have, carry these VLANs. */
  void vlans(PortVlans all) {
    frames.vlans(all);
  }

  /** Looks at tags no more. */
  void noVlans() {
    frames.noVlans();
  }

  /** One of its ports carries others, while it is up; nothing happens when that has failed. */
  void vlans(int device, PortVlans own) {
    Optional.ofNullable(members.get(device)).ifPresent(port -> frames.vlans(port.inside, own));
  }

  /** Takes a device's port in; one that cannot be watched stays outside. */
  void add(int device, Port port, boolean carrier) {
    Member member = new Member(device, port, carrier);
    watch(member);
    members.put(device, member);
    if (up) {
      member.enter();
    }
  }

  private void watch(Member member) {
    int descriptor = member.port.descriptor();
    if (descriptor >= 0) {
      thread.poller().add(descriptor, Poller.READABLE | Poller.EDGE, events -> member.ready());
    }
  }

  /** Lets a device's port go; whoever asked closes it. */
  Optional<Port> remove(int device) {
    Member member = members.remove(device);
    if (member == null) {
      return Optional.empty();
    }
    member.leave();
    if (member.port.descriptor() >= 0) {
      thread.poller().remove(member.port.descriptor());
    }
    return Optional.of(member.port);
  }

  /** Ends the bridge; whoever asked closes its ports. */
  List<Port> end() {
    thread.remove(this);
    List<Port> ports = new ArrayList<>();
    List.copyOf(members.keySet()).forEach(device -> remove(device).ifPresent(ports::add));
    return ports;
  }

  /** Its device was set up or down. What came in while it was down is lost. */
  void up(boolean now) {
    if (up == now) {
      return;
    }
    up = now;
    members.values().forEach(up ? Member::enter : Member::leave);
    overhear();
  }

  /** Somebody listens on its device for the frames of others too, or nobody does any more. */
  void promiscuous(boolean now) {
    promiscuous = now;
    overhear();
  }

  private void overhear() {
    Member local = members.get(index);
    frames.eavesdropper(promiscuous && local != null ? local.inside : null);
  }

  /** A port's link is there, or not: without it the stations behind it are forgotten. */
  void carrier(int device, boolean on) {
    Member member = members.get(device);
    if (member == null || member.carrier == on) {
      return;
    }
    member.carrier = on;
    if (!on && up) {
      member.leave();
      member.enter();
    }
  }

  /** The learning bridge has let go of a port that threw: its link was deleted, for one. */
  private void failed(BridgePort port, RuntimeException cause) {
    LOG.log(Level.DEBUG, "bridge {0} loses port {1}: {2}", name, port, cause.getMessage());
    members.values().stream()
        .filter(member -> member.inside == port)
        .findFirst()
        .flatMap(member -> remove(member.device))
        .ifPresent(lost -> thread.closeLater(List.of(lost)));
  }

  @Override
  public String toString() {
    return name;
  }

  /** A port, inside the learning bridge or, while that is down, outside. */
  private final class Member {
    private final int device;
    private final Port port;
    private boolean carrier;

    /** Null while it is outside. */
    private BridgePort inside;

    Member(int device, Port port, boolean carrier) {
      this.device = device;
      this.port = port;
      this.carrier = carrier;
    }

    void enter() {
      inside = frames.add(port);
    }

    void leave() {
      if (inside != null) {
        frames.remove(inside);
        inside = null;
      }
    }

    void ready() {
      if (inside != null) {
        frames.ready(inside);
      } else {
        drop();
      }
    }

    /** Nothing that came in now may come out later. */
    private void drop() {
      while (port.receive(scratch)) {
        // lost
      }
    }
  }
}
