package org.passerelle.vlan;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.passerelle.link.netlink.NetlinkMessage;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.rtnl.LinkMessages;
import org.passerelle.link.rtnl.LinkSpec;
import org.passerelle.link.rtnl.RawAttribute;
import org.passerelle.link.rtnl.VlanFlags;
import org.passerelle.link.testing.Golden;
import org.passerelle.link.wire.EtherType;
import org.passerelle.link.wire.VlanId;

/** IFLA_VLAN_*, in the octets that went between ip(8) and Debian's kernel. */
class VlanKindTest {
  private static final String RTNL = "/org/passerelle/link/rtnl/";
  private static final Map<String, byte[]> GOLDEN =
      Golden.sections(
          VlanKindTest.class, RTNL + "debian-requests.golden", RTNL + "debian-replies.golden");

  /** The index that eth0 had when they were caught. */
  private static final int ETH0 = 3;

  private static final int ALL_KNOWN = 0x1f;
  private static final VlanKind PLAIN = new VlanKind("eth0", new VlanId(100));
  private static final VlanKind SERVICE =
      new VlanKind(
          "eth0",
          new VlanId(200),
          EtherType.SERVICE_VLAN,
          VlanFlags.DEFAULT
              .with(VlanFlags.Flag.REORDER_HDR, false)
              .with(VlanFlags.Flag.LOOSE_BINDING, true));

  @Test
  void isWhatIpSends() {
    assertSent("eth0.100", PLAIN);
    assertSent("eth0.200", SERVICE);
  }

  /** The command is ours, too. */
  private static void assertSent(String name, VlanKind kind) {
    byte[] golden =
        GOLDEN.get("ip link add link eth0 name " + name + " type vlan " + kind.ipArguments());
    int sequence = ByteBuffer.wrap(golden).order(ByteOrder.LITTLE_ENDIAN).getInt(8);
    assertThat(LinkMessages.create(LinkSpec.of(name, kind), ETH0).finish(sequence))
        .isEqualTo(golden);
  }

  @Test
  void isReadFromWhatTheKernelAnswers() {
    assertThat(VlanKind.of("eth0", answered("eth0.100").data()))
        .contains(
            new VlanKind("eth0", new VlanId(100), EtherType.VLAN, new VlanFlags(0x1, ALL_KNOWN)));
    assertThat(VlanKind.of("eth0", answered("eth0.200").data()))
        .contains(
            new VlanKind(
                "eth0", new VlanId(200), EtherType.SERVICE_VLAN, new VlanFlags(0x4, ALL_KNOWN)));
  }

  private static Link answered(String device) {
    byte[] golden = GOLDEN.get("ip -d link show dev " + device);
    return LinkMessages.parse(NetlinkMessage.parseAll(ByteBuffer.wrap(golden)).get(0));
  }

  @Test
  void isReadWithWhatNobodyKnows() {
    VlanKind read =
        VlanKind.of(
                "eth0",
                List.of(
                    new RawAttribute(99, new byte[] {1}),
                    new RawAttribute(1, new byte[] {7, 0}),
                    new RawAttribute(5, new byte[] {0x12, 0x34}),
                    new RawAttribute(2, new byte[] {0, 1, 0, 0, 0, 1, 0, 0})))
            .orElseThrow();
    assertThat(read)
        .isEqualTo(new VlanKind("eth0", new VlanId(7), 0x1234, new VlanFlags(0x100, 0)));
    assertThat(read.ipArguments()).isEqualTo("id 7 protocol 0x1234");
  }

  @Test
  void kernelsThatDoNotTellHaveTheOneProtocol() {
    assertThat(VlanKind.of("eth0", List.of(new RawAttribute(1, new byte[] {100, 0}))))
        .contains(PLAIN);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "00", "0000", "ff0f", "64000000"})
  void whatIsNoVlanIsNone(String id) {
    RawAttribute attribute = new RawAttribute(1, Golden.octets(id));
    assertThat(VlanKind.of("eth0", List.of(attribute))).isEmpty();
  }

  @Test
  void liesOnItsDevice() {
    assertThat(PLAIN.name()).isEqualTo("vlan");
    assertThat(PLAIN.lower()).contains("eth0");
  }

  @Test
  void aFlagIsSetAndTakenBack() {
    VlanFlags loose = VlanFlags.DEFAULT.with(VlanFlags.Flag.LOOSE_BINDING, true);
    assertThat(loose.has(VlanFlags.Flag.LOOSE_BINDING)).isTrue();
    assertThat(loose.has(VlanFlags.Flag.REORDER_HDR)).isFalse();
    assertThat(loose.with(VlanFlags.Flag.LOOSE_BINDING, false)).isEqualTo(new VlanFlags(0, 0x4));
  }
}
