package org.passerelle.netback;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.passerelle.hypervisor.ring.BackRing;
import org.passerelle.link.port.Frame;
import org.passerelle.netback.FrameAssembler.Outcome;
import org.passerelle.netback.protocol.TxRequest;
import org.passerelle.netback.testing.RawFrontend;
import org.passerelle.netback.testing.RawFrontend.Answer;

/**
 * Whatever a guest writes into its ring: nothing is thrown, nothing outside granted pages is
 * reached (the test's grant table throws if it were), and each request is answered exactly once, in
 * its own place, unless the guest is given up.
 */
class FrameAssemblerFuzzTest {

  /** A slot of 12 bytes. */
  record Slot(int gref, int offset, int flags, int id, int size) {
    void into(RawFrontend guest) {
      guest.request(gref, offset, flags, id, size);
    }
  }

  /** Slots that are nearly right: the interesting faults lie close to what is allowed. */
  @Provide
  Arbitrary<List<Slot>> nearlyRight() {
    Arbitrary<Integer> grefs =
        Arbitraries.frequency(Tuple.of(12, 8), Tuple.of(3, 1), Tuple.of(1, -1));
    Arbitrary<Integer> offsets = Arbitraries.of(0, 0, 0, 1, 100, 4095, 4096, 65535);
    Arbitrary<Integer> flags = Arbitraries.of(0, 0, 1, 2, 4, 4, 4, 5, 8, 12, 15, 0xfff0, 0xffff);
    Arbitrary<Integer> ids = Arbitraries.integers().between(0, 65535);
    Arbitrary<Integer> sizes =
        Arbitraries.of(0, 1, 13, 14, 60, 500, 1514, 4096, 4097, 60000, 65535);
    return Combinators.combine(grefs, offsets, flags, ids, sizes)
        .as(Slot::new)
        .list()
        .ofMaxSize(256);
  }

  /** Any bytes at all. */
  @Provide
  Arbitrary<List<Slot>> anything() {
    Arbitrary<Integer> u16 = Arbitraries.integers().between(0, 65535);
    return Combinators.combine(Arbitraries.integers(), u16, u16, u16, u16)
        .as(Slot::new)
        .list()
        .ofMaxSize(256);
  }

  @Property(tries = 3000)
  void nearlyRightSlots(@ForAll("nearlyRight") List<Slot> slots) {
    check(slots);
  }

  @Property(tries = 1000)
  void anySlots(@ForAll("anything") List<Slot> slots) {
    check(slots);
  }

  private void check(List<Slot> slots) {
    try (Arena arena = Arena.ofConfined()) {
      RawFrontend guest = new RawFrontend(arena, 0xffffff80);
      assertThat(guest.grantedPage(0)).isEqualTo(8);
      slots.forEach(slot -> slot.into(guest));
      guest.push();
      BackRing ring = BackRing.attach(guest.page, TxRequest.SIZE);
      FrameAssembler assembler = new FrameAssembler(ring, guest.memory, RawFrontend.GUEST, arena);
      boolean fatal = takeAll(assembler, new Frame(arena));
      ring.pushResponses();
      checkAnswers(slots, guest.answers(), fatal);
    }
  }

  private boolean takeAll(FrameAssembler assembler, Frame frame) {
    while (assembler.next() >= 0) {
      Outcome outcome = assembler.take(frame);
      if (outcome == Outcome.FATAL) {
        assertThat(assembler.fatalReason()).isNotEmpty();
        return true;
      }
      if (outcome == Outcome.FRAME) {
        assertThat(frame.length()).isBetween(14, 65535);
      }
    }
    assertThat(assembler.fatalReason()).isEmpty();
    return false;
  }

  /** Answers lie in the places of their requests; an extra's (NULL) tells no id. */
  private void checkAnswers(List<Slot> slots, List<Answer> answers, boolean fatal) {
    if (!fatal) {
      assertThat(answers).hasSameSizeAs(slots);
    }
    assertThat(answers.size()).isLessThanOrEqualTo(slots.size());
    List<Integer> wrong = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      Answer answer = answers.get(i);
      if (answer.status() != 1 && answer.id() != slots.get(i).id()) {
        wrong.add(i);
      }
    }
    assertThat(wrong).as("places answered with another's id").isEmpty();
  }
}
