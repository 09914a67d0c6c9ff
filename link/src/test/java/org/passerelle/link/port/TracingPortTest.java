package org.passerelle.link.port;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.passerelle.link.wire.CapturedFrames;

class TracingPortTest {
  private final LoopbackPort.Pair pair = LoopbackPort.pair("one", "other", 1);
  private final List<String> seen = new ArrayList<>();
  private final AtomicLong clock = new AtomicLong();
  private final TracingPort port =
      new TracingPort(
          pair.one(),
          (frame, direction, nanos) -> seen.add(nanos + " " + direction + " " + frame.length()),
          clock::incrementAndGet);

  @Test
  void showsEachFrameWithDirectionAndTime() {
    port.send(Frames.of(CapturedFrames.UDP));
    pair.other().send(Frames.of(CapturedFrames.ARP_REPLY));
    port.receive(Frames.empty());
    assertThat(seen).containsExactly("1 OUT 48", "2 IN 42");
  }

  @Test
  void doesNotShowWhatDidNotPass() {
    assertThat(port.receive(Frames.empty())).isFalse();
    assertThat(port.send(Frames.of(CapturedFrames.UDP))).isTrue();
    assertThat(port.send(Frames.of(CapturedFrames.UDP))).isFalse();
    assertThat(seen).containsExactly("1 OUT 48");
  }
}
