package org.passerelle.link.port;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.passerelle.link.port.Frame.Gso;
import org.passerelle.link.wire.CapturedFrames;

class LoopbackPortTest {
  private final LoopbackPort.Pair pair = LoopbackPort.pair("one", "other", 2);
  private final Frame frame = Frames.of(CapturedFrames.UDP);
  private final Frame received = Frames.empty();

  @Test
  void whatOneSendsTheOtherReceivesWithItsMetadata() {
    frame.checksum(true, true);
    frame.gso(Gso.TCP_V6, 1400);
    assertThat(pair.one().send(frame)).isTrue();
    frame.clear();
    assertThat(pair.one().receive(received)).isFalse();
    assertThat(pair.other().receive(received)).isTrue();
    assertThat(Frames.hex(received)).isEqualTo(CapturedFrames.UDP.replace(" ", ""));
    assertThat(received.checksumBlank()).isTrue();
    assertThat(received.dataValidated()).isTrue();
    assertThat(received.gso()).isEqualTo(Gso.TCP_V6);
    assertThat(received.gsoSize()).isEqualTo(1400);
    assertThat(pair.other().receive(received)).isFalse();
  }

  @Test
  void aFullQueueTakesNoMoreAndKeepsTheOrder() {
    Frame second = Frames.of(CapturedFrames.ARP_REPLY);
    assertThat(pair.other().send(frame)).isTrue();
    assertThat(pair.other().send(second)).isTrue();
    assertThat(pair.other().send(frame)).isFalse();
    assertThat(pair.one().receive(received)).isTrue();
    assertThat(received.length()).isEqualTo(frame.length());
    assertThat(pair.other().send(frame)).isTrue();
    assertThat(pair.one().receive(received)).isTrue();
    assertThat(received.length()).isEqualTo(second.length());
  }

  @Test
  void aClosedEndForgetsWhatWasOnItsWay() {
    pair.one().send(frame);
    pair.other().close();
    assertThat(pair.other().receive(received)).isFalse();
  }
}
