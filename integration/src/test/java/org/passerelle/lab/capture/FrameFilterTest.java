package org.passerelle.lab.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.passerelle.link.os.Capability;
import org.passerelle.link.testing.Needs;

@Needs(Capability.LIBPCAP)
class FrameFilterTest {
  private static final byte[] ARP =
      HexFormat.of().parseHex("ffffffffffff" + "00163e000101" + "0806" + "0001080006040001");
  private static final byte[] TAGGED_ARP =
      HexFormat.of()
          .parseHex("ffffffffffff" + "00163e000101" + "81000064" + "0806" + "0001080006040001");

  @Test
  void meansTheSameWithATagAndWithout() {
    try (FrameFilter arp = FrameFilter.compile("arp");
        FrameFilter icmp = FrameFilter.compile("icmp")) {
      assertThat(arp.accepts(ARP)).isTrue();
      assertThat(arp.accepts(TAGGED_ARP)).isTrue();
      assertThat(icmp.accepts(ARP)).isFalse();
      assertThat(icmp.accepts(TAGGED_ARP)).isFalse();
    }
  }

  @Test
  void setsOneTagAsideAndKeepsTheRest() {
    assertThat(FrameFilter.withoutTag(TAGGED_ARP)).isEqualTo(ARP);
    assertThat(FrameFilter.withoutTag(ARP)).isSameAs(ARP);
    byte[] cut = HexFormat.of().parseHex("ffffffffffff00163e0001018100");
    assertThat(FrameFilter.withoutTag(cut)).isSameAs(cut);
  }

  @Test
  void passesOnWhatLibpcapDoesNotUnderstand() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FrameFilter.compile("icmp and and"))
        .withMessageContaining("`icmp and and`");
  }
}
