package org.passerelle.hypervisor.ring;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Both views on one page. Every ring here starts 16 below the wrap of its 32-bit indices. */
class RingTest {
  private static final int JUST_BELOW_WRAP = 0xfffffff0;
  private static final int SLOT = 12;
  private static final int SIZE = 256;

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment page = arena.allocate(4096, 4096);
  private final MemorySegment scratch = arena.allocate(16, 8);
  private FrontRing front;
  private BackRing back;

  @BeforeEach
  void connect() {
    front = FrontRing.createAt(page, SLOT, JUST_BELOW_WRAP);
    back = BackRing.attach(page, SLOT);
  }

  @AfterEach
  void free() {
    arena.close();
  }

  private void produce(int count) {
    for (int i = 0; i < count; i++) {
      int index = front.produceRequest();
      page.set(JAVA_INT, front.slot(index), index);
    }
  }

  private void answer(int count) {
    for (int i = 0; i < count; i++) {
      back.consumeRequest(scratch);
      page.set(JAVA_INT, back.slot(back.produceResponse()), scratch.get(JAVA_INT, 0) ^ 0x5555);
    }
  }

  @Nested
  class Moving {
    @Test
    void whatIsPushedArrivesInOrderAcrossTheWrap() {
      for (int round = 0; round < 10; round++) {
        produce(SIZE);
        front.pushRequests();
        assertThat(back.unconsumedRequests()).isEqualTo(SIZE);
        answer(SIZE);
        back.pushResponses();
        assertThat(front.unconsumedResponses()).isEqualTo(SIZE);
        for (int i = 0; i < SIZE; i++) {
          int index = front.consumeResponse(scratch);
          assertThat(index).isEqualTo(JUST_BELOW_WRAP + round * SIZE + i);
          assertThat(scratch.get(JAVA_INT, 0)).isEqualTo(index ^ 0x5555);
        }
      }
    }

    @Test
    void nothingIsSeenBeforeThePush() {
      produce(3);
      assertThat(back.unconsumedRequests()).isZero();
      front.pushRequests();
      assertThat(back.unconsumedRequests()).isEqualTo(3);
    }

    @Test
    void aFullRingHasNoFreeRequestsUntilResponsesAreConsumed() {
      produce(SIZE);
      assertThat(front.freeRequests()).isZero();
      front.pushRequests();
      answer(1);
      back.pushResponses();
      assertThat(front.freeRequests()).isZero();
      front.consumeResponse(scratch);
      assertThat(front.freeRequests()).isEqualTo(1);
    }

    @Test
    void requestsThatCannotBeAnsweredYetAreNotCounted() {
      produce(SIZE);
      front.pushRequests();
      back.consumeRequests(SIZE - 1);
      assertThat(back.unconsumedRequests()).isEqualTo(1);
      page.set(JAVA_INT, 0, JUST_BELOW_WRAP + SIZE + 10);
      assertThat(back.unconsumedRequests()).as("10 more, but no room to answer").isEqualTo(1);
    }

    @Test
    void aWholeSlotIsCopiedAndNothingBeyondIt() {
      int index = front.produceRequest();
      for (int word = 0; word < 3; word++) {
        page.set(JAVA_INT, front.slot(index) + word * 4L, 0x11111111 * (word + 1));
      }
      front.pushRequests();
      scratch.fill((byte) 0xa5);

      back.peekRequest(scratch);

      assertThat(scratch.toArray(JAVA_INT))
          .containsExactly(0x11111111, 0x22222222, 0x33333333, 0xa5a5a5a5);
      assertThat(back.unconsumedRequests()).as("peeking consumes nothing").isEqualTo(1);
    }

    @Test
    void aBackendThatComesBackGoesOnWhereAnswersStopped() {
      produce(5);
      front.pushRequests();
      answer(2);
      back.pushResponses();

      BackRing successor = BackRing.attach(page, SLOT);

      assertThat(successor.unconsumedRequests()).isEqualTo(3);
      assertThat(successor.consumeRequest(scratch)).isEqualTo(JUST_BELOW_WRAP + 2);
    }
  }

  @Nested
  class HoldOff {
    @Test
    void theFirstPushNotifiesAndTheNextDoNot() {
      produce(1);
      assertThat(front.pushRequests()).isTrue();
      produce(1);
      assertThat(front.pushRequests()).isFalse();
    }

    @Test
    void aPushOfNothingNotifiesNobody() {
      assertThat(front.pushRequests()).isFalse();
      assertThat(back.pushResponses()).isFalse();
    }

    @Test
    void eachSleepAsksForOneEvent() {
      for (int round = 0; round < 40; round++) {
        produce(1);
        assertThat(front.pushRequests()).as("round " + round).isTrue();
        answer(1);
        assertThat(back.finalCheckForRequests()).isFalse();
        assertThat(back.pushResponses()).isTrue();
        front.consumeResponse(scratch);
        assertThat(front.finalCheckForResponses()).isFalse();
      }
    }

    @Test
    void theFinalCheckSeesWhatCameInBetween() {
      produce(1);
      front.pushRequests();
      assertThat(back.finalCheckForRequests()).isTrue();
      answer(1);
      back.pushResponses();
      assertThat(front.finalCheckForResponses()).isTrue();
    }

    @Test
    void oneWhoNeedsFourIsToldAtTheFourth() {
      assertThat(back.finalCheckForRequests(4)).isFalse();
      produce(3);
      assertThat(front.pushRequests()).isFalse();
      produce(1);
      assertThat(front.pushRequests()).isTrue();
      assertThat(back.finalCheckForRequests(4)).isTrue();
    }

    @Test
    void aBurstAcrossTheWrapNotifiesOnce() {
      produce(SIZE);
      assertThat(front.pushRequests()).isTrue();
      answer(SIZE);
      assertThat(back.pushResponses()).isTrue();
      assertThat(back.finalCheckForRequests()).isFalse();
    }
  }

  @Nested
  class Nonsense {
    @Test
    void moreRequestsThanTheRingHoldsAreImpossible() {
      page.set(JAVA_INT, 0, JUST_BELOW_WRAP + SIZE);
      assertThat(back.unconsumedRequests()).isEqualTo(SIZE);
      page.set(JAVA_INT, 0, JUST_BELOW_WRAP + SIZE + 1);
      assertThat(back.unconsumedRequests()).isEqualTo(BackRing.IMPOSSIBLE);
      page.set(JAVA_INT, 0, JUST_BELOW_WRAP - 1);
      assertThat(back.unconsumedRequests()).as("moved back").isEqualTo(BackRing.IMPOSSIBLE);
    }

    @Test
    void moreResponsesThanRequestsAreImpossible() {
      produce(3);
      front.pushRequests();
      page.set(JAVA_INT, 8, JUST_BELOW_WRAP + 3);
      assertThat(front.unconsumedResponses()).isEqualTo(3);
      page.set(JAVA_INT, 8, JUST_BELOW_WRAP + 4);
      assertThat(front.unconsumedResponses()).isEqualTo(FrontRing.IMPOSSIBLE);
      page.set(JAVA_INT, 8, JUST_BELOW_WRAP - 1);
      assertThat(front.unconsumedResponses()).isEqualTo(FrontRing.IMPOSSIBLE);
    }

    @Test
    void nobodySleepsOnAnImpossiblePeer() {
      page.set(JAVA_INT, 0, JUST_BELOW_WRAP + 1000);
      page.set(JAVA_INT, 8, JUST_BELOW_WRAP + 1000);
      assertThat(back.finalCheckForRequests()).isTrue();
      assertThat(back.finalCheckForRequests(17)).isTrue();
      assertThat(front.finalCheckForResponses()).isTrue();
    }
  }
}
