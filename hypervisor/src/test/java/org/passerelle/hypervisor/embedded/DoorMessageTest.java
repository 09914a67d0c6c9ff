package org.passerelle.hypervisor.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The octets of each message as the package's documentation draws them. */
@DisplayName("Messages at a door")
class DoorMessageTest {
  static Stream<Arguments> messages() {
    return Stream.of(
        // hello, version 1
        Arguments.of("01000000 00000000 01000000 00000000 00000000 00000000", message(1, 0, 1)),
        // let in: version 1, dom3, a table of 2 frames, 1092 (0x444) pages
        Arguments.of(
            "01000000 00000000 01000000 03000000 02000000 44040000",
            new DoorMessage(1, 0, 1, 3, 2, 1092)),
        // another version: -EPROTONOSUPPORT, -93; we speak 1
        Arguments.of("01000000 a3ffffff 01000000 00000000 00000000 00000000", message(1, -93, 1)),
        // a port for dom0
        Arguments.of("02000000 00000000 00000000 00000000 00000000 00000000", message(2, 0, 0)),
        // port 5
        Arguments.of("02000000 00000000 05000000 00000000 00000000 00000000", message(2, 0, 5)),
        // no port left: -ENOSPC, -28
        Arguments.of("02000000 e4ffffff 00000000 00000000 00000000 00000000", message(2, -28, 0)),
        // close port 5
        Arguments.of("03000000 00000000 05000000 00000000 00000000 00000000", message(3, 0, 5)),
        // no such type: -ENOSYS, -38
        Arguments.of(
            "efbeadde daffffff 00000000 00000000 00000000 00000000", message(0xdeadbeef, -38, 0)));
  }

  private static DoorMessage message(int type, int status, int word) {
    return new DoorMessage(type, status, word, 0, 0, 0);
  }

  @ParameterizedTest
  @MethodSource("messages")
  void hasItsOctetsInBothDirections(String hex, DoorMessage message) {
    byte[] octets = HexFormat.of().parseHex(hex.replace(" ", ""));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(DoorMessage.SIZE);
      memory.fill((byte) 0xa5);
      message.emit(memory);
      assertThat(memory.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(octets);
    }
    assertThat(DoorMessage.parse(MemorySegment.ofArray(octets))).isEqualTo(message);
  }
}
