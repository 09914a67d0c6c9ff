package org.passerelle.link.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.passerelle.link.wire.CapturedFrames;

class FaultyPortTest {
  private final LoopbackPort.Pair pair = LoopbackPort.pair("one", "other", 3000);

  private FaultyPort port(Faults faults) {
    return new FaultyPort(pair.one(), faults, new Random(42));
  }

  /** Sends frames numbered in their last octet but one and last; returns the numbers received. */
  private List<Integer> through(Faults faults, int count) {
    FaultyPort port = port(faults);
    Frame frame = Frames.of(CapturedFrames.UDP);
    for (int i = 0; i < count; i++) {
      frame.memory().set(ValueLayout.JAVA_SHORT_UNALIGNED, Frame.DATA + 46L, (short) i);
      assertThat(port.send(frame)).isTrue();
    }
    List<Integer> numbers = new ArrayList<>();
    while (pair.other().receive(frame)) {
      numbers.add((int) frame.memory().get(ValueLayout.JAVA_SHORT_UNALIGNED, Frame.DATA + 46L));
    }
    return numbers;
  }

  @Test
  void aGoodLineDoesNothing() {
    assertThat(through(new Faults(0, 0, 0, 0), 4)).containsExactly(0, 1, 2, 3);
  }

  @Test
  void dropsItsShare() {
    assertThat(through(new Faults(1, 0, 0, 0), 10)).isEmpty();
    assertThat(through(new Faults(0.25, 0, 0, 0), 2000))
        .hasSizeBetween(1400, 1600)
        .isSorted()
        .doesNotHaveDuplicates();
  }

  @Test
  void duplicates() {
    assertThat(through(new Faults(0, 1, 0, 0), 3)).containsExactly(0, 0, 1, 1, 2, 2);
  }

  @Test
  void swapsNeighbours() {
    assertThat(through(new Faults(0, 0, 1, 0), 4)).containsExactly(1, 0, 3, 2);
  }

  @Test
  void turnsOneBitOver() {
    Frame frame = Frames.of(CapturedFrames.UDP);
    port(new Faults(0, 0, 0, 1)).send(frame);
    Frame received = Frames.empty();
    assertThat(pair.other().receive(received)).isTrue();
    int bits = 0;
    for (int i = 0; i < frame.length(); i++) {
      byte sent = frame.memory().get(ValueLayout.JAVA_BYTE, (long) Frame.DATA + i);
      byte got = received.memory().get(ValueLayout.JAVA_BYTE, (long) Frame.DATA + i);
      bits += Integer.bitCount((sent ^ got) & 0xFF);
    }
    assertThat(bits).isOne();
    assertThat(Frames.hex(frame)).isEqualTo(CapturedFrames.UDP.replace(" ", ""));
  }

  @Test
  void theSameSeedGivesTheSameFaults() {
    Faults faults = new Faults(0.1, 0.1, 0.1, 0.1);
    assertThat(through(faults, 500)).isEqualTo(through(faults, 500));
  }

  @Test
  void aProbabilityIsBetween0And1() {
    assertThatThrownBy(() -> new Faults(0, 1.5, 0, 0)).hasMessage("duplicate=1.5 is outside 0..1");
    assertThatThrownBy(() -> new Faults(0, 0, 0, Double.NaN)).hasMessageContaining("corrupt=NaN");
  }
}
