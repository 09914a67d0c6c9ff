package org.passerelle.link.rtnl;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.passerelle.link.netlink.NetlinkMessage;
import org.passerelle.link.testing.Golden;

/**
 * What Debian's kernel says of VLANs, bridges that filter them, and bonds. This layer does not know
 * these kinds: it carries what it reads, and can put it back.
 */
class FurtherKindsGoldenTest {
  private static final Map<String, byte[]> GOLDEN =
      Golden.sections(FurtherKindsGoldenTest.class, "debian-replies.golden");

  private static final RawAttribute LOOSE =
      new RawAttribute(2, new byte[] {4, 0, 0, 0, -1, -1, -1, -1});

  @Test
  void vlanLiesOnItsDevice() {
    Link vlan = link("eth0.100");
    assertThat(vlan.name()).isEqualTo("eth0.100");
    assertThat(vlan.kind()).isEqualTo("vlan");
    assertThat(vlan.lower()).isEqualTo(3);
    assertThat(vlan.lowerElsewhere()).isFalse();
    assertThat(vlan.isRunning()).isTrue();
    assertThat(vlan.data())
        .containsExactly(
            new RawAttribute(5, new byte[] {(byte) 0x81, 0}),
            new RawAttribute(1, new byte[] {100, 0}),
            new RawAttribute(2, new byte[] {1, 0, 0, 0, -1, -1, -1, -1}));
  }

  @Test
  void bridgeFiltersVlans() {
    assertThat(link("xenbr0").data()).contains(new RawAttribute(7, new byte[] {1}));
  }

  @Test
  void bondIsItsPortsMaster() {
    Link bond = link("bond0");
    assertThat(bond.kind()).isEqualTo("bond");
    assertThat(bond.lower()).isZero();
    assertThat(bond.data()).contains(new RawAttribute(1, new byte[] {1})); // active-backup
    Link port = link("eth1");
    assertThat(port.kind()).isEqualTo("veth");
    assertThat(port.master()).isEqualTo(bond.index());
  }

  /** They are RTM_NEWLINK too, in family AF_BRIDGE. */
  @Test
  void bridgesVlansAreNoNewsOfLinks() {
    List<NetlinkMessage> messages = messages("bridge vlan show dev vif1.0");
    assertThat(messages).extracting(NetlinkMessage::type).startsWith(Rtm.NEWLINK, Rtm.NEWLINK);
    assertThat(messages.stream().map(LinkNews::parse).filter(Optional::isPresent)).isEmpty();
  }

  /** Only what was asked to change, as the kernel told it. */
  @Test
  void settingsOfAKindThatNobodyHereKnowsArePutBack() {
    LinkSnapshot then = LinkSnapshot.parse(messages("ip -d link show dev eth0.200").get(0));
    LinkSnapshot now = LinkSnapshot.parse(messages("ip -d link show dev eth0.100").get(0));
    LinkKind asked = now.undo(then, LinkChange.builder().kind(new Asked()).build()).kind().get();
    LinkKind undo = then.undo(now, LinkChange.builder().kind(new Asked()).build()).kind().get();
    assertThat(undo.name()).isEqualTo("vlan");
    assertThat(undo.data()).containsExactly(LOOSE);
    assertThat(asked.data()).doesNotContain(LOOSE);
  }

  /** The flags of a VLAN device. */
  private record Asked() implements LinkKind {
    @Override
    public String name() {
      return "vlan";
    }

    @Override
    public List<RawAttribute> data() {
      return List.of(LOOSE);
    }

    @Override
    public String ipArguments() {
      return "loose_binding on";
    }
  }

  private static Link link(String device) {
    return LinkMessages.parse(messages("ip -d link show dev " + device).get(0));
  }

  private static List<NetlinkMessage> messages(String command) {
    return NetlinkMessage.parseAll(ByteBuffer.wrap(GOLDEN.get(command)));
  }
}
