package org.passerelle.bridge.learning;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.passerelle.link.port.Frame;
import org.passerelle.link.port.Frame.Gso;

/** Random histories: the bridge delivers what a map and a list would. */
class BridgeModelTest {
  private static final long LLDP = 0x0180_C200_000EL;
  private static final List<List<MemoryPort>> NOBODY = List.of(List.of());

  private static final List<Long> ADDRESSES =
      List.of(
          0x0016_3E00_0001L,
          0x0016_3E00_0002L,
          0x0016_3E00_0003L,
          0x0016_3E00_0004L,
          0xFEFF_FFFF_FFFFL,
          0xFFFF_FFFF_FFFFL, // broadcast
          0x3333_0000_0001L, // a group
          LLDP,
          0x0180_C200_0010L, // right behind the reserved groups
          0L);

  /**
   * Something that happens.
   *
   * @param port which port it happens to, counted among those that are there
   * @param number a frame's content, or milliseconds
   */
  private record Event(Kind kind, int port, long source, long destination, int number) {}

  private enum Kind {
    FRAME,
    WAIT,
    ADD,
    REMOVE,
    BREAK,
    FILL
  }

  @Provide
  Arbitrary<List<Event>> history() {
    Arbitrary<Kind> kinds =
        Arbitraries.frequency(
            Tuple.of(20, Kind.FRAME),
            Tuple.of(3, Kind.WAIT),
            Tuple.of(2, Kind.ADD),
            Tuple.of(1, Kind.REMOVE),
            Tuple.of(1, Kind.BREAK),
            Tuple.of(1, Kind.FILL));
    Arbitrary<Long> addresses = Arbitraries.of(ADDRESSES);
    return Combinators.combine(
            kinds,
            Arbitraries.integers().between(0, 5),
            addresses,
            addresses,
            Arbitraries.of(0, 1, 1_000, 150_000, 299_999, 300_000))
        .as(Event::new)
        .list()
        .ofMaxSize(80);
  }

  @Property
  void deliversWhatTheModelDelivers(@ForAll("history") List<Event> history) {
    Run run = new Run();
    history.forEach(run::happens);
  }

  /**
   * With room for three stations: what it still knows is right, and what it has forgotten reaches
   * everybody; who spoke last is always known, whoever else had to make room.
   */
  @Property
  void withoutRoomItFloodsAndNeverMisleads(@ForAll("history") List<Event> history) {
    Run run = new Run(3);
    history.stream()
        .filter(event -> event.kind() == Kind.FRAME || event.kind() == Kind.WAIT)
        .forEach(run::happensWithoutRoom);
  }

  private record Seen(MemoryPort port, long at) {}

  /** The bridge and its model, side by side. */
  private static final class Run {
    private final List<MemoryPort> ports = new ArrayList<>();
    private final Map<MemoryPort, BridgePort> handles = new HashMap<>();
    private final Map<Long, Seen> seen = new HashMap<>();
    private final List<BridgePort> failed = new ArrayList<>();
    private long millis;
    private int made;
    private final ForwardingTable table;
    private final LearningBridge bridge;

    Run() {
      this(8192);
    }

    Run(int stations) {
      table = new ForwardingTable(stations, 300_000, 1);
      bridge =
          new LearningBridge(
              "lan", () -> millis * 1_000_000, (port, cause) -> failed.add(port), table);
      for (int port = 0; port < 3; port++) {
        add();
      }
    }

    void happensWithoutRoom(Event event) {
      if (event.kind() == Kind.WAIT) {
        millis += event.number();
        return;
      }
      MemoryPort from = ports.get(event.port() % ports.size());
      List<MemoryPort> right = reached(from, event.source(), event.destination());
      List<MemoryPort> others = ports.stream().filter(port -> port != from).toList();
      assertThat(carried(from, event)).isIn(passes(event) ? List.of(right, others) : NOBODY);
      assertThat(table.size()).isLessThanOrEqualTo(3);
      lastSpeakerIsKnown(from, event);
    }

    private List<MemoryPort> carried(MemoryPort from, Event event) {
      from.incoming.add(TestFrames.frame(event.source(), event.destination(), 0));
      bridge.doWork();
      return ports.stream().filter(port -> !port.takeSent().isEmpty()).toList();
    }

    private static boolean passes(Event event) {
      return isStation(event.source()) && event.destination() != LLDP;
    }

    private void lastSpeakerIsKnown(MemoryPort from, Event event) {
      boolean station = isStation(event.source());
      int expected = station ? handles.get(from).number : ForwardingTable.NONE;
      assertThat(station ? table.lookUp(event.source(), millis) : ForwardingTable.NONE)
          .isEqualTo(expected);
    }

    void happens(Event event) {
      if (ports.isEmpty()) {
        add();
      }
      MemoryPort port = ports.get(event.port() % ports.size());
      switch (event.kind()) {
        case FRAME -> frame(port, event);
        case WAIT -> millis += event.number();
        case ADD -> add();
        case REMOVE -> {
          bridge.remove(handles.get(port));
          forget(port);
        }
        case BREAK -> fail(port);
        case FILL -> port.room = port.room == 0 ? Integer.MAX_VALUE : 0;
      }
      assertThat(bridge.ports()).hasSameSizeAs(ports);
    }

    private void add() {
      MemoryPort port = new MemoryPort("port" + made++);
      handles.put(port, bridge.add(port));
      ports.add(port);
    }

    private void forget(MemoryPort port) {
      ports.remove(port);
      seen.values().removeIf(each -> each.port() == port);
    }

    private void fail(MemoryPort port) {
      port.close();
      bridge.doWork();
      assertThat(failed).containsExactly(handles.get(port));
      failed.clear();
      forget(port);
    }

    private void frame(MemoryPort from, Event event) {
      Frame frame = TestFrames.frame(event.source(), event.destination(), event.number());
      frame.checksum(event.number() % 2 == 1, event.number() > 0);
      frame.gso(event.number() > 1_000 ? Gso.TCP_V4 : Gso.NONE, event.number() / 300);
      List<MemoryPort> reached = reached(from, event.source(), event.destination());
      from.incoming.add(frame);
      assertThat(bridge.doWork()).isEqualTo(1);
      for (MemoryPort port : ports) {
        List<String> expected =
            reached.contains(port) && port.room > 0 ? List.of(MemoryPort.text(frame)) : List.of();
        assertThat(port.takeSent()).as(port.name() + " after " + event).isEqualTo(expected);
      }
    }

    private List<MemoryPort> reached(MemoryPort from, long source, long destination) {
      if (!isStation(source)) {
        return List.of();
      }
      seen.put(source, new Seen(from, millis));
      if (destination == LLDP) {
        return List.of();
      }
      List<MemoryPort> others = new ArrayList<>(ports);
      others.remove(from);
      Seen known = isGroup(destination) ? null : seen.get(destination);
      if (known == null || millis - known.at() >= 300_000) {
        return others;
      }
      return known.port() == from ? List.of() : List.of(known.port());
    }

    private static boolean isStation(long address) {
      return address != 0 && !isGroup(address);
    }

    /** The lowest bit of the first of six octets. */
    private static boolean isGroup(long address) {
      return (address >> 40) % 2 == 1;
    }
  }
}
