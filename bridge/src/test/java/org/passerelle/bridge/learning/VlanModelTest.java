package org.passerelle.bridge.learning;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.passerelle.link.port.Frame;
import org.passerelle.link.port.Frames;
import org.passerelle.link.wire.VlanId;

/** Random histories on a bridge with VLANs: it delivers what maps and sets would. */
class VlanModelTest {
  private static final int NONE = 0;
  private static final int FIRST = 10;
  private static final int SECOND = 20;
  private static final int NOBODYS = 30;

  /** What is behind the addresses: some of an experimental type, or a service tag and that. */
  private static final String PLAIN = "88b5 00000001";

  private static final String SERVICE = "88a8 0014 88b5 00000002";

  /**
   * A port in the model's words.
   *
   * @param untagged the VLAN of what has no tag; 0 for none
   */
  private record Config(int untagged, Set<Integer> tagged) {
    boolean carries(int vlan) {
      return vlan == untagged || tagged.contains(vlan);
    }

    PortVlans real() {
      return untagged == NONE
          ? PortVlans.trunk(tagged.stream().map(VlanId::new).toList())
          : PortVlans.access(new VlanId(untagged));
    }
  }

  private static final List<Config> CONFIGS =
      List.of(
          new Config(FIRST, Set.of()),
          new Config(SECOND, Set.of()),
          new Config(NONE, Set.of(FIRST, SECOND)),
          new Config(NONE, Set.of(SECOND)),
          new Config(NONE, Set.of()));

  /**
   * A frame.
   *
   * @param tci its tag; −1 for none
   */
  private record Sent(int port, long source, long destination, int tci, String rest) {
    String tagged(Optional<Integer> newTci) {
      String tag = newTci.map("8100 %04x "::formatted).orElse("");
      return "%012x %012x %s%s".formatted(destination, source, tag, rest);
    }

    Frame frame() {
      return Frames.of(tagged(tci < 0 ? Optional.empty() : Optional.of(tci)));
    }
  }

  @Provide
  Arbitrary<List<Config>> ports() {
    return Arbitraries.of(CONFIGS).list().ofMinSize(2).ofMaxSize(6);
  }

  @Provide
  Arbitrary<List<Sent>> history() {
    Arbitrary<Long> stations = Arbitraries.of(TestFrames.WEB, TestFrames.MAIL, TestFrames.DB);
    Arbitrary<Long> all =
        Arbitraries.of(TestFrames.WEB, TestFrames.MAIL, TestFrames.BROADCAST, 0x3333_0000_0001L);
    Arbitrary<Integer> tags =
        Arbitraries.of(
            -1, 0, 0x6000, 0xF000, FIRST, 0x6000 | FIRST, 0xB000 | SECOND, SECOND, NOBODYS, 4095);
    return Combinators.combine(
            Arbitraries.integers().between(0, 5),
            stations,
            all,
            tags,
            Arbitraries.of(PLAIN, SERVICE))
        .as(Sent::new)
        .list()
        .ofMaxSize(60);
  }

  @Property
  void deliversWhatTheModelDelivers(
      @ForAll("ports") List<Config> ports, @ForAll("history") List<Sent> history) {
    Run run = new Run(ports);
    history.forEach(run::frame);
  }

  /** A station in its VLAN. */
  private record Station(int vlan, long address) {}

  /** The bridge and its model, side by side. */
  private static final class Run {
    private final List<Config> configs;
    private final List<MemoryPort> ports = new ArrayList<>();
    private final Map<Station, Integer> seen = new HashMap<>();
    private final LearningBridge bridge =
        new LearningBridge(
            "lan", () -> 0, (port, cause) -> {}, new ForwardingTable(8192, 300_000, 1));
    private final List<BridgePort> handles = new ArrayList<>();

    Run(List<Config> configs) {
      this.configs = configs;
      bridge.vlans(PortVlans.access(new VlanId(1)));
      for (Config config : configs) {
        MemoryPort port = new MemoryPort("port" + ports.size());
        ports.add(port);
        handles.add(bridge.add(port));
        bridge.vlans(handles.getLast(), config.real());
      }
    }

    void frame(Sent sent) {
      int from = sent.port() % ports.size();
      int vlan = vlan(configs.get(from), sent.tci());
      long refused = handles.get(from).counters().get(PortCounter.REFUSED);
      ports.get(from).incoming.add(sent.frame());
      bridge.doWork();
      Set<Integer> reached = reached(from, vlan, sent);
      for (int to = 0; to < ports.size(); to++) {
        assertThat(ports.get(to).takeSent())
            .as("port %d after %s", to, sent)
            .isEqualTo(reached.contains(to) ? List.of(expected(to, vlan, sent)) : List.of());
      }
      assertThat(handles.get(from).counters().get(PortCounter.REFUSED) - refused)
          .isEqualTo(vlan == NONE ? 1 : 0);
    }

    /** None: it may not come in. */
    private static int vlan(Config port, int tci) {
      int number = tci < 0 ? 0 : tci % 4096;
      if (number == 0) {
        return port.untagged();
      }
      return port.carries(number) ? number : NONE;
    }

    private Set<Integer> reached(int from, int vlan, Sent sent) {
      if (vlan == NONE) {
        return Set.of();
      }
      seen.put(new Station(vlan, sent.source()), from);
      Integer known = seen.get(new Station(vlan, sent.destination()));
      return IntStream.range(0, ports.size())
          .filter(to -> to != from && configs.get(to).carries(vlan))
          .filter(to -> known == null || known == to)
          .boxed()
          .collect(Collectors.toSet());
    }

    private String expected(int to, int vlan, Sent sent) {
      int priority = sent.tci() < 0 ? 0 : sent.tci() / 4096 * 4096;
      boolean bare = configs.get(to).untagged() == vlan;
      return MemoryPort.text(
          Frames.of(sent.tagged(bare ? Optional.empty() : Optional.of(priority + vlan))));
    }
  }
}
