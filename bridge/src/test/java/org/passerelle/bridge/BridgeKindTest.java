package org.passerelle.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.passerelle.link.rtnl.RawAttribute;

/** IFLA_BR_*, in the octets of {@code ip link add type bridge} on a little-endian machine. */
class BridgeKindTest {
  @Test
  void isWhatIpSends() {
    assertThat(BridgeKind.XEN.data())
        .containsExactly(
            new RawAttribute(1, new byte[] {0, 0, 0, 0}), // IFLA_BR_FORWARD_DELAY 0
            new RawAttribute(5, new byte[] {0, 0, 0, 0})); // IFLA_BR_STP_STATE 0
    assertThat(new BridgeKind(OptionalInt.of(1), OptionalInt.of(400), OptionalInt.of(30000)).data())
        .containsExactly(
            new RawAttribute(1, new byte[] {(byte) 0x90, 1, 0, 0}), // 400 = 0x190
            new RawAttribute(4, new byte[] {0x30, 0x75, 0, 0}), // 30000 = 0x7530
            new RawAttribute(5, new byte[] {1, 0, 0, 0}));
  }

  /** One octet (u8), 1 for on. */
  @Test
  void looksAtTagsWhenAsked() {
    BridgeKind aware = BridgeKind.XEN.withFiltering();
    assertThat(aware.data()).endsWith(new RawAttribute(7, new byte[] {1}));
    assertThat(aware.ipArguments()).isEqualTo("stp_state 0 forward_delay 0 vlan_filtering 1");
    assertThat(BridgeKind.of(aware.data())).isEqualTo(aware);
    assertThat(BridgeKind.of(BridgeKind.XEN.data())).isEqualTo(BridgeKind.XEN);
  }

  @Test
  void readsItsOwnAmongOthers() {
    List<RawAttribute> dump =
        List.of(
            new RawAttribute(1, new byte[] {(byte) 0xDC, 5, 0, 0}),
            new RawAttribute(6, new byte[] {0, (byte) 0x80}),
            new RawAttribute(5, new byte[] {0, 0, 0, 0}));
    assertThat(BridgeKind.of(dump))
        .isEqualTo(new BridgeKind(OptionalInt.of(0), OptionalInt.of(1500), OptionalInt.empty()));
  }

  @Test
  void printsAsIpTakesIt() {
    assertThat(BridgeKind.XEN.ipArguments()).isEqualTo("stp_state 0 forward_delay 0");
  }
}
