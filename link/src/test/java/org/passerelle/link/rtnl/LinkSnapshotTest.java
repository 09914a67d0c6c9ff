package org.passerelle.link.rtnl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.passerelle.link.wire.MacAddress;

class LinkSnapshotTest {
  private static final MacAddress OLD = MacAddress.parse("00:16:3e:00:00:01");

  private final LinkSnapshot before = snapshot("vif1.0", OLD, LinkFlags.UP, 7, "", 65536);

  @Test
  void putsBackWhatWasAskedAndDone() {
    LinkSnapshot now =
        snapshot("web0", MacAddress.VIF, LinkFlags.NOARP, 0, "passerelle:web0", 32768);
    LinkChange asked =
        LinkChange.builder()
            .name("web0")
            .mac(MacAddress.VIF)
            .up(false)
            .arp(false)
            .master("xenbr0")
            .alias("passerelle:web0")
            .gsoMaxSize(32768)
            .build();
    assertThat(before.undo(now, asked))
        .isEqualTo(
            LinkChange.builder()
                .name("vif1.0")
                .mac(OLD)
                .up(true)
                .arp(true)
                .master("")
                .alias("")
                .gsoMaxSize(65536)
                .build());
  }

  @Test
  void leavesAloneWhatOthersChangedMeanwhile() {
    LinkSnapshot now = snapshot("vif1.0", MacAddress.VIF, LinkFlags.UP, 7, "theirs", 65536);
    LinkChange asked = LinkChange.builder().mtu(9000).mac(MacAddress.VIF).build();
    assertThat(before.undo(now, asked)).isEqualTo(LinkChange.builder().mac(OLD).build());
  }

  @Test
  void hasNothingToDoWhenNothingWasDone() {
    LinkChange asked = LinkChange.builder().mtu(9000).master("xenbr0").name("web0").build();
    assertThat(before.undo(before, asked)).isEqualTo(LinkChange.NONE);
  }

  private static LinkSnapshot snapshot(
      String name, MacAddress mac, int flags, int master, String alias, int gso) {
    Link link =
        new Link(
            5,
            name,
            List.of(),
            "veth",
            mac,
            1500,
            flags,
            Link.OperState.UP,
            master,
            0,
            false,
            0,
            alias,
            OptionalInt.of(0),
            List.of());
    return new LinkSnapshot(link, OptionalInt.of(gso));
  }
}
