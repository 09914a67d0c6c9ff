package org.passerelle.bridge.learning;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.passerelle.link.port.Frame;
import org.passerelle.link.port.Port;
import org.passerelle.link.wire.Ethernet;
import org.passerelle.link.wire.VlanId;

/**
 * The VLANs of one line: what comes in there with a VLAN's tag goes to that VLAN's port without it,
 * and back. Nothing is learnt, since each VLAN has one way only, and nothing is kept from passing:
 * spanning tree and its like are for whoever is behind.
 *
 * <pre>
 *   port of VLAN 100 --+
 *   port of VLAN 200 --+-- line
 * </pre>
 *
 * <p>What comes in by the line without a tag, with a priority's only, with a service tag or with
 * that of a VLAN that is not here is somebody else's, and is left alone.
 *
 * <p>A frame for which the line has no room is held, and the ports are not asked for more until it
 * has gone: so their own queues fill, and the senders notice. Owned by one thread.
 */
public final class Trunk {
  /** Frames that the line, or each port, may bring in a call. */
  private static final int ROUNDS = 64;

  private final BridgePort line;
  private final BridgePort[] ports = new BridgePort[VlanId.HIGHEST + 1];
  private final Turns turns = new Turns();
  private final FailedPorts failed;

  private final Frame in = new Frame(Arena.ofAuto());
  private final FrameTag inTag = new FrameTag(in);
  private final Frame out = new Frame(Arena.ofAuto());
  private final FrameTag outTag = new FrameTag(out);

  private boolean lineReady = true;
  private boolean held;

  /**
   * A line without VLANs.
   *
   * @param listener hears of each VLAN's port that failed
   */
  public Trunk(Port line, FailureListener listener) {
    this.line = new BridgePort(line, 0, PortVlans.trunk(List.of()));
    this.failed = new FailedPorts(this::remove, listener);
  }

  /** Serves a VLAN from now on; that it has no port yet is the caller's to know. */
  public BridgePort add(VlanId vlan, Port port) {
    return add(vlan, port, PortVlans.access(vlan));
  }

  /** The same where the line is a guest's, who is to have no tags within those that it may use. */
  public BridgePort addGuests(VlanId vlan, Port port) {
    return add(vlan, port, PortVlans.accessWithoutTags(vlan));
  }

  private BridgePort add(VlanId vlan, Port port, PortVlans vlans) {
    BridgePort added = new BridgePort(port, vlan.number(), vlans);
    ports[vlan.number()] = added;
    line.vlans = PortVlans.trunk(served());
    turns.ready(added);
    return added;
  }

  /** Takes a VLAN's port out; nothing happens if it has left already. */
  public void remove(BridgePort port) {
    if (ports[port.number] == port) {
      ports[port.number] = null;
      line.vlans = PortVlans.trunk(served());
      turns.remove(port);
    }
  }

  private List<VlanId> served() {
    List<VlanId> served = new ArrayList<>();
    for (BridgePort port : ports) {
      Optional.ofNullable(port).map(one -> new VlanId(one.number)).ifPresent(served::add);
    }
    return served;
  }

  /** What passed the line, from its side: received from it, and sent by it. */
  public PortCounters counters() {
    return line.counters();
  }

  /** The line's descriptor has become readable. */
  public void lineReadable() {
    lineReady = true;
  }

  /** The line may have room again. */
  public void lineWritable() {
    if (held) {
      sendHeld();
    }
  }

  /** The descriptor of a VLAN's port has become readable. */
  public void ready(BridgePort port) {
    if (ports[port.number] == port) {
      turns.ready(port);
    }
  }

  /**
   * Moves frames, a bounded number of them. Then ports that failed are taken out. What the line
   * throws is thrown on: without it there is nothing to be done.
   *
   * @return frames moved; 0: sleep until a descriptor is ready
   */
  public int doWork() {
    int moved = carryIn() + carryOut();
    turns.endOfCall();
    failed.takeOut();
    return moved;
  }

  private int carryIn() {
    int moved = 0;
    while (lineReady && moved < ROUNDS) {
      lineReady = line.port().receive(in);
      if (lineReady) {
        moved++;
        carryIn(vlan(in, inTag, line));
      }
    }
    return moved;
  }

  private static int vlan(Frame frame, FrameTag tag, BridgePort source) {
    return frame.length() < Ethernet.HEADER ? PortVlans.REFUSED : tag.classify(source.vlans);
  }

  private void carryIn(int vlan) {
    line.countFrame(PortCounter.RECEIVED, PortCounter.RECEIVED_BYTES, in.length());
    if (vlan == PortVlans.REFUSED) {
      line.count(PortCounter.FILTERED);
      return;
    }
    BridgePort target = ports[vlan];
    if (target.failure == null) {
      inTag.fit(target.vlans, vlan);
      carryIn(target);
    }
  }

  private void carryIn(BridgePort target) {
    if (target.vlans.takesType(Ethernet.type(in.memory(), Frame.DATA))) {
      deliver(target);
    } else {
      line.count(PortCounter.FILTERED);
    }
  }

  private void deliver(BridgePort target) {
    try {
      count(target, target.port().send(in), in);
    } catch (RuntimeException e) {
      failed.add(target, e);
    }
  }

  private static void count(BridgePort port, boolean sent, Frame frame) {
    if (sent) {
      port.countFrame(PortCounter.SENT, PortCounter.SENT_BYTES, frame.length());
    } else {
      port.count(PortCounter.NO_ROOM);
    }
  }

  private int carryOut() {
    int moved = 0;
    for (int round = 0; round < ROUNDS && !held; round++) {
      int before = moved;
      for (int left = turns.size(); left > 0 && !held; left--) {
        moved += carryOut(turns.next());
      }
      if (moved == before) {
        return moved;
      }
    }
    return moved;
  }

  private int carryOut(BridgePort source) {
    if (!receive(source)) {
      turns.hadNone(source);
      return 0;
    }
    turns.hadOne(source);
    source.countFrame(PortCounter.RECEIVED, PortCounter.RECEIVED_BYTES, out.length());
    int vlan = vlan(out, outTag, source);
    if (vlan == PortVlans.REFUSED) {
      source.count(PortCounter.REFUSED);
    } else if (outTag.fit(line.vlans, vlan)) {
      sendHeld();
    } else {
      source.count(PortCounter.NO_ROOM);
    }
    return 1;
  }

  private boolean receive(BridgePort source) {
    try {
      return source.failure == null && source.port().receive(out);
    } catch (RuntimeException e) {
      failed.add(source, e);
      return false;
    }
  }

  private void sendHeld() {
    held = !line.port().send(out);
    if (!held) {
      line.countFrame(PortCounter.SENT, PortCounter.SENT_BYTES, out.length());
    }
  }
}
