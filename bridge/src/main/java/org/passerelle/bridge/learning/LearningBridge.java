package org.passerelle.bridge.learning;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.LongSupplier;
import org.passerelle.link.port.Frame;
import org.passerelle.link.port.Port;
import org.passerelle.link.wire.Ethernet;

/**
 * A learning bridge between ports. Owned by one thread; only {@link BridgePort#counters} may be
 * read by others. It never waits: a port that has no room loses the frame, and one that throws is
 * taken out.
 *
 * <pre>
 *   receive ──► admit ──► VLAN ──► learn the source ──► link-local? ──► destination known? ──► its port
 *                 │         │                               │                    │ no, or a group
 *                 │         └ none of the port's: drop      └ drop               └──► the VLAN's ports but the source
 *                 └ not from a station: drop
 * </pre>
 *
 * <p>It looks at tags once it is told the VLANs of its ports ({@link #vlans(PortVlans)}): each VLAN
 * then has stations of its own, and frames go out tagged or not as the port wants them. Until then
 * a tag is payload.
 *
 * <p>Where it differs from a Linux bridge with STP off (br_input.c, br_handle_frame): that one lets
 * the bridge group address 01:80:C2:00:00:00 through, so that spanning trees around it see their
 * loops. We keep to the standard (IEEE 802.1D-2004, 7.12.6): none of the reserved groups passes.
 * There is no spanning tree here: whoever joins ports outside makes a loop.
 *
 * <p>A frame goes to all its ports in turn as the same {@link Frame}, with its offload metadata. A
 * port may complete its checksum, but must leave it meaning what it did.
 */
public final class LearningBridge {
  /** Silent for this long, a station is forgotten (IEEE 802.1D-2004 table 7-5; Linux's default). */
  private static final long AGEING_MILLIS = 300_000;

  private static final int STATIONS = 8192;

  /** Frames that one port may bring in a call. */
  private static final int ROUNDS = 32;

  /** Slots of the table that are looked at in a call. */
  private static final int SWEEP = 8;

  private static final long MILLISECOND = 1_000_000;

  private static final Logger LOG = System.getLogger(LearningBridge.class.getName());

  private final String name;
  private final LongSupplier clock;
  private final ForwardingTable table;
  private final Frame frame = new Frame(Arena.ofAuto());
  private final MemorySegment memory = frame.memory();
  private final FrameTag tag = new FrameTag(frame);

  private final PortList ports = new PortList();
  private final Turns turns = new Turns();
  private final FailedPorts failed;
  private final long start;

  /** The time of this call: one look at the clock has to do for all its frames. */
  private long now;

  /** The VLAN of the frame that is being carried. */
  private int vlan;

  private PortVlans usual = PortVlans.PLAIN;

  private boolean crowded;

  /** Hears all frames, those for others too; null when there is none. */
  private BridgePort eavesdropper;

  /**
   * A bridge without ports.
   *
   * @param name for the log
   * @param clock nanoseconds of a clock that never goes back, such as {@link System#nanoTime}
   * @param listener hears of each port that failed
   */
  public LearningBridge(String name, LongSupplier clock, FailureListener listener) {
    this(
        name,
        clock,
        listener,
        new ForwardingTable(STATIONS, AGEING_MILLIS, new SecureRandom().nextLong()));
  }

  LearningBridge(String name, LongSupplier clock, FailureListener listener, ForwardingTable table) {
    this.name = name;
    this.clock = clock;
    this.failed = new FailedPorts(this::remove, listener);
    this.table = table;
    this.start = clock.getAsLong();
  }

  /**
   * Adds a port; it is asked for frames from the next {@link #doWork} on.
   *
   * @throws IllegalStateException when there are 65,536
   */
  public BridgePort add(Port port) {
    BridgePort added = ports.add(port, usual);
    turns.ready(added);
    return added;
  }

  /**
   * Takes a port out and forgets the stations behind it. Before the port is closed; one that was
   * closed first is noticed when it is used next. Nothing happens if it has left already.
   */
  public void remove(BridgePort port) {
    if (ports.has(port)) {
      ports.remove(port);
      turns.remove(port);
      table.flush(port.number);
      eavesdropper = port == eavesdropper ? null : eavesdropper;
    }
  }

  /**
   * Lets a port hear all frames from now on, those for others too, as a Linux bridge's own device
   * does while it is promiscuous (br_input.c, br_handle_frame_finish); null ends it.
   */
  public void eavesdropper(BridgePort port) {
    eavesdropper = port;
  }

  /** From now on looks at tags; each port, those that are added later too, has these VLANs. */
  public void vlans(PortVlans all) {
    usual = all;
    ports.toList().forEach(port -> vlans(port, all));
  }

  /** Looks at tags no more: they are payload. */
  public void noVlans() {
    vlans(PortVlans.PLAIN);
  }

  /** Gives one port other VLANs than the others have; the stations behind it are forgotten. */
  public void vlans(BridgePort port, PortVlans own) {
    port.vlans = own;
    table.flush(port.number);
  }

  /** Sets for how long a station that is silent is remembered; 300,000 ms unless set. */
  public void ageing(long millis) {
    table.ageing(millis);
  }

  /** The ports, in the order of their numbers. */
  public List<BridgePort> ports() {
    return ports.toList();
  }

  /**
   * The port's descriptor has become readable. A port with a descriptor is asked for frames until
   * it has none left, and then no more until this is called; edge-triggered watching is enough.
   */
  public void ready(BridgePort port) {
    if (ports.has(port)) {
      turns.ready(port);
    }
  }

  /**
   * Moves frames: one from each port that may have some, in turn, and so on for a bounded number of
   * rounds. Then ports that failed are taken out.
   *
   * @return frames received; 0: sleep until a port's descriptor is readable. A port without one is
   *     asked once a call only.
   */
  public int doWork() {
    now = (clock.getAsLong() - start) / MILLISECOND;
    int work = 0;
    int moved = 1;
    for (int round = 0; round < ROUNDS && moved > 0; round++) {
      moved = round();
      work += moved;
    }
    turns.endOfCall();
    table.sweep(SWEEP, now);
    failed.takeOut();
    return work;
  }

  private int round() {
    int moved = 0;
    for (int left = turns.size(); left > 0; left--) {
      BridgePort source = turns.next();
      if (receive(source)) {
        moved++;
        carry(source);
        turns.hadOne(source);
      } else {
        turns.hadNone(source);
      }
    }
    return moved;
  }

  private boolean receive(BridgePort source) {
    try {
      return source.failure == null && source.port().receive(frame);
    } catch (RuntimeException e) {
      failed.add(source, e);
      return false;
    }
  }

  private void carry(BridgePort source) {
    source.countFrame(PortCounter.RECEIVED, PortCounter.RECEIVED_BYTES, frame.length());
    if (!admit()) {
      source.count(PortCounter.INVALID);
      return;
    }
    vlan = tag.classify(source.vlans);
    if (vlan == PortVlans.REFUSED) {
      source.count(PortCounter.REFUSED);
      return;
    }
    learn(source);
    forward(source, Ethernet.destination(memory, Frame.DATA));
  }

  private boolean admit() {
    return frame.length() >= Ethernet.HEADER
        && MacBits.isStation(Ethernet.source(memory, Frame.DATA));
  }

  private void learn(BridgePort source) {
    boolean room = table.learn(station(Ethernet.source(memory, Frame.DATA)), source.number, now);
    if (!room && !crowded) {
      crowded = true;
      LOG.log(
          Level.WARNING,
          "bridge {0}: {1} stations are known, as many as there is room for; port {2} brought one"
              + " more: from now on a new one takes the place of another behind the port that has"
              + " most",
          name,
          Integer.toString(table.size()),
          source);
    }
  }

  /** The same address in another VLAN is another station. */
  private long station(long address) {
    return address | (long) vlan << MacBits.LENGTH;
  }

  private void forward(BridgePort source, long destination) {
    if (MacBits.isLinkLocal(destination)) {
      source.count(PortCounter.FILTERED);
      return;
    }
    int number =
        MacBits.isGroup(destination)
            ? ForwardingTable.NONE
            : table.lookUp(station(destination), now);
    if (number == ForwardingTable.NONE) {
      flood(source);
      return;
    }
    BridgePort target = ports.at(number);
    if (target == source) {
      source.count(PortCounter.FILTERED); // its side has both stations
    } else {
      deliver(target);
    }
    if (eavesdropper != null && eavesdropper != source && eavesdropper != target) {
      deliver(eavesdropper);
    }
  }

  /** Those first that take the frame as it is: so it is changed once at most. */
  private void flood(BridgePort source) {
    int others = 0;
    for (BridgePort port : ports.slots()) {
      if (port != null && port != source) {
        if (tag.fits(port.vlans, vlan)) {
          deliver(port);
        } else {
          others++;
        }
      }
    }
    if (others > 0) {
      floodOthers(source);
    }
  }

  private void floodOthers(BridgePort source) {
    boolean tagged = tag.isThere();
    for (BridgePort port : ports.slots()) {
      if (port != null && port != source && port.vlans.tags(vlan) != tagged) {
        deliver(port);
      }
    }
  }

  private void deliver(BridgePort port) {
    if (port.failure != null || !port.vlans.carries(vlan)) {
      return;
    }
    if (!tag.fit(port.vlans, vlan)) {
      port.count(PortCounter.NO_ROOM);
      return;
    }
    try {
      if (port.port().send(frame)) {
        port.countFrame(PortCounter.SENT, PortCounter.SENT_BYTES, frame.length());
      } else {
        port.count(PortCounter.NO_ROOM);
      }
    } catch (RuntimeException e) {
      failed.add(port, e);
    }
  }
}
