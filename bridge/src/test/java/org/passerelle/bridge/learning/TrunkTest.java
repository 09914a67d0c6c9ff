package org.passerelle.bridge.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.passerelle.link.port.Frame;
import org.passerelle.link.port.Frames;
import org.passerelle.link.wire.VlanId;

/** A line with VLANs 10 and 20, in memory. */
class TrunkTest {
  private static final String TO_ALL = "ffffffffffff 00163e000001 ";

  private final MemoryPort line = new MemoryPort("line");
  private final MemoryPort ten = new MemoryPort("ten");
  private final MemoryPort twenty = new MemoryPort("twenty");
  private final List<String> failed = new ArrayList<>();
  private final Trunk trunk = new Trunk(line, (port, cause) -> failed.add(port + " " + cause));
  private final BridgePort portTen = trunk.add(new VlanId(10), ten);
  private final BridgePort portTwenty = trunk.add(new VlanId(20), twenty);

  private static List<String> text(String hex) {
    return List.of(MemoryPort.text(Frames.of(TO_ALL + hex)));
  }

  private void carry(MemoryPort from, String hex) {
    from.incoming.add(Frames.of(TO_ALL + hex));
    trunk.lineReadable();
    trunk.doWork();
  }

  @ParameterizedTest
  @CsvSource({
    "8100 000a 88b5 01, 88b5 01",
    "8100 f00a 88b5 01, 88b5 01",
    "8100 000a 8100 0014 88b5 01, 8100 0014 88b5 01"
  })
  void theLinesTagIsTakenOut(String tagged, String plain) {
    carry(line, tagged);
    assertThat(ten.takeSent()).isEqualTo(text(plain));
    assertThat(twenty.sent).isEmpty();
    assertThat(portTen.counters().get(PortCounter.SENT)).isEqualTo(1);
  }

  /** A tag within a tag, of whatever kind, would be one that the guest may not use. */
  @ParameterizedTest
  @CsvSource({
    "8100 001e 88b5 01, 88b5 01",
    "8100 001e 8100 0014 88b5 01, ''",
    "8100 001e 8100 0000 88b5 01, ''",
    "8100 001e 88a8 0014 88b5 01, ''"
  })
  void aGuestsLineHasNoTagsWithin(String tagged, String arriving) {
    MemoryPort thirty = new MemoryPort("thirty");
    trunk.addGuests(new VlanId(30), thirty);
    carry(line, tagged);
    assertThat(thirty.takeSent()).isEqualTo(arriving.isEmpty() ? List.of() : text(arriving));
    assertThat(trunk.counters().get(PortCounter.FILTERED)).isEqualTo(arriving.isEmpty() ? 1 : 0);
  }

  /** Without a tag, with a priority's, another VLAN's, a service tag, or half a tag. */
  @ParameterizedTest
  @CsvSource({
    "88b5 01",
    "8100 e000 88b5 01",
    "8100 001e 88b5 01",
    "8100 0fff 88b5 01",
    "88a8 000a 88b5 01",
    "8100 00",
    "81"
  })
  void whatIsNobodysIsLeftAlone(String hex) {
    carry(line, hex);
    assertThat(ten.sent).isEmpty();
    assertThat(twenty.sent).isEmpty();
    assertThat(trunk.counters().get(PortCounter.FILTERED)).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "88b5 01, 8100 000a 88b5 01",
    "8100 a000 88b5 01, 8100 a00a 88b5 01",
    "8100 000a 88b5 01, 8100 000a 88b5 01",
    "88a8 0014 88b5 01, 8100 000a 88a8 0014 88b5 01"
  })
  void aPortsFramesGetItsTag(String plain, String tagged) {
    carry(ten, plain);
    assertThat(line.takeSent()).isEqualTo(text(tagged));
  }

  @Test
  void anotherVlansTagDoesNotGetOut() {
    carry(ten, "8100 0014 88b5 01");
    assertThat(line.sent).isEmpty();
    assertThat(portTen.counters().get(PortCounter.REFUSED)).isEqualTo(1);
  }

  /** A bridge would keep them; here they are for the bridges behind. */
  @Test
  void groupsOfBridgesPass() {
    line.incoming.add(Frames.of("0180c2000000 00163e000001 8100 000a 0026 4242"));
    trunk.doWork();
    assertThat(ten.takeSent())
        .containsExactly(MemoryPort.text(Frames.of("0180c2000000 00163e000001 0026 4242")));
  }

  @Test
  void offloadMetadataPassWithATag() {
    Frame frame = Frames.of(TO_ALL + "0800 45");
    frame.checksum(true, true);
    frame.gso(Frame.Gso.TCP_V4, 1448);
    ten.incoming.add(frame);
    trunk.doWork();
    assertThat(line.takeSent()).singleElement().asString().endsWith(" blank validated TCP_V4 1448");
  }

  @Test
  void aFrameThatIsTooLongForATagIsLost() {
    Frame longest = Frames.of(TO_ALL + "88b5 01");
    longest.length(Frame.MAX_LENGTH - 3);
    ten.incoming.add(longest);
    trunk.doWork();
    assertThat(line.sent).isEmpty();
    assertThat(portTen.counters().get(PortCounter.NO_ROOM)).isEqualTo(1);
  }

  /** Nothing is lost: what waits goes first, and the ports are not asked meanwhile. */
  @Test
  void aFullLineKeepsThePortsWaiting() {
    line.room = 1;
    ten.descriptor = 1;
    for (int number = 1; number <= 3; number++) {
      ten.incoming.add(Frames.of(TO_ALL + "88b5 0" + number));
    }
    trunk.doWork();
    trunk.doWork();
    assertThat(ten.incoming).hasSize(1);
    carry(line, "8100 0014 88b5 09");
    assertThat(twenty.takeSent()).isEqualTo(text("88b5 09"));
    line.room = 9;
    trunk.lineWritable();
    trunk.doWork();
    assertThat(line.takeSent())
        .containsExactly(
            MemoryPort.text(Frames.of(TO_ALL + "8100 000a 88b5 01")),
            MemoryPort.text(Frames.of(TO_ALL + "8100 000a 88b5 02")),
            MemoryPort.text(Frames.of(TO_ALL + "8100 000a 88b5 03")));
  }

  @Test
  void aFullPortLosesTheFrame() {
    ten.room = 0;
    carry(line, "8100 000a 88b5 01");
    assertThat(portTen.counters().get(PortCounter.NO_ROOM)).isEqualTo(1);
  }

  @Test
  void aPortThatHasLeftGetsNothing() {
    trunk.remove(portTen);
    carry(line, "8100 000a 88b5 01");
    carry(ten, "88b5 01");
    assertThat(ten.sent).isEmpty();
    assertThat(line.sent).isEmpty();
    BridgePort again = trunk.add(new VlanId(10), ten);
    trunk.remove(portTen);
    carry(line, "8100 000a 88b5 01");
    assertThat(again.counters().get(PortCounter.SENT)).isEqualTo(1);
  }

  @Test
  void aBrokenPortIsTakenOutAndTheOthersGoOn() {
    ten.broken = new IllegalStateException("gone");
    line.incoming.add(Frames.of(TO_ALL + "8100 000a 88b5 01"));
    line.incoming.add(Frames.of(TO_ALL + "8100 000a 88b5 02"));
    trunk.doWork();
    assertThat(failed).containsExactly("ten java.lang.IllegalStateException: gone");
    carry(twenty, "88b5 03");
    assertThat(line.takeSent()).isEqualTo(text("8100 0014 88b5 03"));
    assertThat(portTwenty.counters().get(PortCounter.RECEIVED)).isEqualTo(1);
  }

  @Test
  void aBrokenLineIsTold() {
    line.broken = new IllegalStateException("unplugged");
    assertThatThrownBy(trunk::doWork).hasMessage("unplugged");
  }

  @Test
  void aQuietTrunkHasNoWork() {
    ten.descriptor = 1;
    twenty.descriptor = 2;
    trunk.doWork();
    int asked = ten.asked + line.asked;
    assertThat(trunk.doWork()).isZero();
    assertThat(ten.asked + line.asked).isEqualTo(asked);
    ten.incoming.add(Frames.of(TO_ALL + "88b5 01"));
    trunk.ready(portTen);
    assertThat(trunk.doWork()).isEqualTo(1);
  }
}
