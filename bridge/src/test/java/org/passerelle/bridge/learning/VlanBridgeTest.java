package org.passerelle.bridge.learning;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.passerelle.link.port.Frame;
import org.passerelle.link.port.Frames;
import org.passerelle.link.wire.VlanId;

/** What the random histories do not tell: edges, and changes on the way. */
class VlanBridgeTest {
  private static final VlanId TEN = new VlanId(10);
  private static final String TO_ALL = "ffffffffffff 00163e000001 ";

  private final LearningBridge bridge =
      new LearningBridge("lan", () -> 0, (port, cause) -> {}, new ForwardingTable(16, 9, 1));
  private final MemoryPort access = new MemoryPort("access");
  private final MemoryPort trunk = new MemoryPort("trunk");
  private final BridgePort accessPort = bridge.add(access);
  private final BridgePort trunkPort = bridge.add(trunk);

  private void withVlans() {
    bridge.vlans(PortVlans.access(TEN));
    bridge.vlans(trunkPort, PortVlans.trunk(List.of(TEN)));
  }

  private List<String> carried(MemoryPort from, MemoryPort to, Frame frame) {
    from.incoming.add(frame);
    bridge.doWork();
    return to.takeSent();
  }

  private static List<String> text(String hex) {
    return List.of(MemoryPort.text(Frames.of(hex)));
  }

  @Test
  void withoutVlansATagIsPayload() {
    String tagged = TO_ALL + "8100 0fff 88b5 01";
    assertThat(carried(access, trunk, Frames.of(tagged))).isEqualTo(text(tagged));
    withVlans();
    assertThat(carried(access, trunk, Frames.of(tagged))).isEmpty();
    bridge.noVlans();
    assertThat(carried(access, trunk, Frames.of(tagged))).isEqualTo(text(tagged));
  }

  @Test
  void aTagIsPutInAndTakenOut() {
    withVlans();
    assertThat(carried(access, trunk, Frames.of(TO_ALL + "88b5 01")))
        .isEqualTo(text(TO_ALL + "8100 000a 88b5 01"));
    assertThat(carried(trunk, access, Frames.of(TO_ALL + "8100 a00a 88b5 01")))
        .isEqualTo(text(TO_ALL + "88b5 01"));
  }

  @Test
  void aTagThatIsCutOffIsRefused() {
    withVlans();
    assertThat(carried(trunk, access, Frames.of(TO_ALL + "8100 000a"))).isEmpty();
    assertThat(carried(trunk, access, Frames.of(TO_ALL + "8100"))).isEmpty();
    assertThat(trunkPort.counters().get(PortCounter.REFUSED)).isEqualTo(2);
    assertThat(carried(trunk, access, Frames.of(TO_ALL + "8100 000a 88b5"))).hasSize(1);
  }

  @Test
  void aFrameThatIsTooLongForATagIsLost() {
    withVlans();
    Frame longest = Frames.of(TO_ALL + "88b5 01");
    longest.length(Frame.MAX_LENGTH - 3);
    assertThat(carried(access, trunk, longest)).isEmpty();
    assertThat(trunkPort.counters().get(PortCounter.NO_ROOM)).isEqualTo(1);
    longest.length(Frame.MAX_LENGTH - 4);
    assertThat(carried(access, trunk, longest)).hasSize(1);
  }

  @Test
  void offloadMetadataPassWithATag() {
    withVlans();
    Frame frame = Frames.of(TO_ALL + "0800 45");
    frame.checksum(true, true);
    frame.gso(Frame.Gso.TCP_V4, 1448);
    Frame tagged = Frames.of(TO_ALL + "8100 000a 0800 45");
    tagged.checksum(true, true);
    tagged.gso(Frame.Gso.TCP_V4, 1448);
    assertThat(carried(access, trunk, frame)).containsExactly(MemoryPort.text(tagged));
  }

  /** Where it was known it is not looked for any more. */
  @Test
  void aPortWithOtherVlansIsLearntAnew() {
    withVlans();
    carried(trunk, access, Frames.of(TO_ALL + "8100 000a 88b5 01"));
    String toHer = "00163e000001 00163e000002 88b5 02";
    MemoryPort third = new MemoryPort("third");
    bridge.add(third);
    assertThat(carried(access, third, Frames.of(toHer))).isEmpty();
    bridge.vlans(trunkPort, PortVlans.trunk(List.of(new VlanId(11))));
    assertThat(carried(access, third, Frames.of(toHer))).isEqualTo(text(toHer));
    assertThat(accessPort.counters().get(PortCounter.REFUSED)).isZero();
  }

  /** It hears what its own VLANs carry, and nothing of the others. */
  @Test
  void anEavesdropperHasItsVlansToo() {
    withVlans();
    MemoryPort curious = new MemoryPort("curious");
    BridgePort port = bridge.add(curious);
    bridge.vlans(port, PortVlans.access(new VlanId(11)));
    bridge.eavesdropper(port);
    carried(trunk, access, Frames.of(TO_ALL + "8100 000a 88b5 01"));
    String toHer = "00163e000001 00163e000002 88b5 02";
    carried(access, trunk, Frames.of(toHer));
    assertThat(curious.takeSent()).isEmpty();
    bridge.vlans(port, PortVlans.access(TEN));
    carried(access, trunk, Frames.of(toHer));
    assertThat(curious.takeSent()).isEqualTo(text(toHer));
  }
}
