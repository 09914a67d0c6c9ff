package org.passerelle.link.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class EthernetTest {

  @Test
  void readsACapturedHeader() {
    MemorySegment frame = CapturedFrames.memory(CapturedFrames.ARP_REQUEST);
    assertThat(new MacAddress(Ethernet.destination(frame, 0))).isEqualTo(MacAddress.BROADCAST);
    assertThat(new MacAddress(Ethernet.source(frame, 0))).hasToString("00:16:3e:00:00:01");
    assertThat(Ethernet.type(frame, 0)).isEqualTo(EtherType.ARP);
  }

  @Test
  void writesEveryOctetOfAHeader() {
    MemorySegment frame = CapturedFrames.dirty(18);
    MacAddress source = MacAddress.parse("fe:ff:ff:ff:ff:01");
    Ethernet.emit(frame, 2, MacAddress.parse("00:16:3e:0a:0b:0c"), source, EtherType.IPV6);
    assertThat(CapturedFrames.hex(frame))
        .isEqualTo("a5a5" + "00163e0a0b0c" + "feffffffff01" + "86dd" + "a5a5");
  }

  @Test
  void writesATagBehindTheAddresses() {
    MemorySegment frame = CapturedFrames.dirty(18);
    Ethernet.emitTag(frame, 0, EtherType.VLAN, new VlanTag(5, true, 100).tci());
    assertThat(CapturedFrames.hex(frame)).isEqualTo("a5".repeat(12) + "8100" + "b064" + "a5a5");
    assertThat(Ethernet.tci(frame, 0)).isEqualTo(0xB064); // priority 101, DEI 1, VID 0x064
  }

  @Property
  void everyTciSurvives(@ForAll @IntRange(max = 0xFFFF) int tci) {
    assertThat(VlanTag.ofTci(tci).tci()).isEqualTo(tci);
    assertThat(VlanTag.vid(tci)).isEqualTo(VlanTag.ofTci(tci).vid());
  }

  @Test
  void aVlanIdIsFrom1To4094() {
    assertThat(VlanId.parse("4094").number()).isEqualTo(4094);
    assertThat(VlanTag.of(new VlanId(7))).isEqualTo(new VlanTag(0, false, 7));
    for (String wrong : new String[] {"0", "4095", "-1", "1a", "", "00100"}) {
      assertThatThrownBy(() -> VlanId.parse(wrong)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
