package org.passerelle.link.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.passerelle.link.port.Frame.Gso;
import org.passerelle.link.wire.CapturedFrames;

class FrameTest {

  @Test
  void tellsItsContentAndItsMetadata() {
    Frame frame = Frames.of(CapturedFrames.UDP);
    frame.checksum(true, true);
    assertThat(frame.toString()).endsWith("10.0.0.2:53: UDP, payload 6 [checksum blank]");
    frame.checksum(false, false);
    frame.gso(Gso.TCP_V4, 1448);
    assertThat(frame.toString()).endsWith("UDP, payload 6 [TCP_V4 1448]");
    frame.clear();
    assertThat(frame).hasToString("truncated Ethernet frame, length 0");
  }

  @Test
  void hasRoomForTheLongestWithItsHeader() {
    Frame frame = Frames.empty();
    frame.length(Frame.MAX_LENGTH);
    assertThat(frame.fromVnetHeader().byteSize()).isGreaterThan(10L + Frame.MAX_LENGTH);
    assertThatThrownBy(() -> frame.length(Frame.MAX_LENGTH + 1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
