package org.passerelle.link.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class EchoTest {

  @Test
  void readsCapturedRequests() {
    assertThat(parse(CapturedFrames.ECHO_REQUEST_V4)).isEqualTo(new Echo(false, 12209, 1));
    assertThat(parse(CapturedFrames.ECHO_REQUEST_V6)).isEqualTo(new Echo(false, 12210, 1));
  }

  private static Echo parse(String hex) {
    MemorySegment frame = CapturedFrames.memory(hex);
    Headers headers = new Headers();
    headers.parse(frame, 0, (int) frame.byteSize());
    assertThat(Echo.isValid(frame, 0, headers)).isTrue();
    return Echo.parse(frame, headers.transport());
  }

  @Test
  void aListenerReportIsNoEcho() {
    MemorySegment frame = CapturedFrames.memory(CapturedFrames.REPORT_V6);
    Headers headers = new Headers();
    headers.parse(frame, 0, (int) frame.byteSize());
    assertThat(Echo.isValid(frame, 0, headers)).isFalse();
  }

  @Test
  void writesTheCapturedMessageOfIcmp() {
    MemorySegment frame = dirtyMessage(CapturedFrames.ECHO_REQUEST_V4, 34);
    new Echo(false, 12209, 1).emitV4(frame, 34, 8);
    assertThat(CapturedFrames.hex(frame))
        .isEqualTo(CapturedFrames.ECHO_REQUEST_V4.replace(" ", ""));
  }

  @Test
  void writesTheCapturedMessageOfIcmpv6() {
    MemorySegment frame = dirtyMessage(CapturedFrames.ECHO_REQUEST_V6, 54);
    new Echo(false, 12210, 1).emitV6(frame, 54, 8, 14);
    assertThat(CapturedFrames.hex(frame))
        .isEqualTo(CapturedFrames.ECHO_REQUEST_V6.replace(" ", ""));
  }

  private static MemorySegment dirtyMessage(String hex, int at) {
    MemorySegment frame = CapturedFrames.memory(hex);
    frame.asSlice(at, Echo.HEADER).fill((byte) 0xA5);
    return frame;
  }

  @Test
  void repliesHaveTypesOfTheirOwn() {
    MemorySegment message = CapturedFrames.dirty(8);
    new Echo(true, 0xFFFF, 0).emitV4(message, 0, 0);
    assertThat(CapturedFrames.hex(message)).isEqualTo("0000" + "0000" + "ffff" + "0000");
    assertThat(Echo.parse(message, 0).reply()).isTrue();
    assertThatThrownBy(() -> new Echo(true, 0x10000, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
