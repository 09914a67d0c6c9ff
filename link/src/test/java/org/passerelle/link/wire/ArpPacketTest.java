package org.passerelle.link.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class ArpPacketTest {
  private static final MacAddress ONE = MacAddress.parse("00:16:3e:00:00:01");
  private static final MacAddress TWO = MacAddress.parse("00:16:3e:00:00:02");
  private static final ArpPacket REPLY =
      new ArpPacket(ArpPacket.REPLY, TWO, 0x0A000002, ONE, 0x0A000001);

  @Test
  void readsACapturedReply() {
    MemorySegment frame = CapturedFrames.memory(CapturedFrames.ARP_REPLY);
    assertThat(ArpPacket.isValid(frame, 14, 28)).isTrue();
    assertThat(ArpPacket.parse(frame, 14)).isEqualTo(REPLY);
  }

  @Test
  void writesItOctetForOctet() {
    MemorySegment frame = CapturedFrames.dirty(42);
    Ethernet.emit(frame, 0, ONE, TWO, EtherType.ARP);
    REPLY.emit(frame, Ethernet.HEADER);
    assertThat(CapturedFrames.hex(frame)).isEqualTo(CapturedFrames.ARP_REPLY.replace(" ", ""));
  }

  @Test
  void aGratuitousOneAsksForItsOwnAddress() {
    MemorySegment packet = CapturedFrames.dirty(28);
    ArpPacket.gratuitous(ONE, 0x0A000001).emit(packet, 0);
    assertThat(CapturedFrames.hex(packet))
        .isEqualTo(
            "0001"
                + "0800"
                + "0604"
                + "0001" // Ethernet, IPv4, lengths, request
                + "00163e000001"
                + "0a000001"
                + "000000000000"
                + "0a000001");
  }

  @Test
  void refusesWhatIsShortOrNotIpv4OverEthernet() {
    MemorySegment frame = CapturedFrames.memory(CapturedFrames.ARP_REQUEST);
    assertThat(ArpPacket.isValid(frame, 14, 27)).isFalse();
    for (int octet = 14; octet < 20; octet++) { // hardware, protocol, lengths
      MemorySegment broken = CapturedFrames.memory(CapturedFrames.ARP_REQUEST);
      Octets.put8(broken, octet, 0x77);
      assertThat(ArpPacket.isValid(broken, 14, 28)).as("octet %d", octet).isFalse();
    }
  }
}
