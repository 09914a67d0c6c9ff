package org.passerelle.netback;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.passerelle.netback.protocol.TxFlags.CHECKSUM_BLANK;
import static org.passerelle.netback.protocol.TxFlags.DATA_VALIDATED;
import static org.passerelle.netback.protocol.TxFlags.EXTRA_INFO;
import static org.passerelle.netback.protocol.TxFlags.MORE_DATA;

import java.lang.foreign.Arena;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.passerelle.hypervisor.ring.BackRing;
import org.passerelle.link.port.Frame;
import org.passerelle.netback.FrameAssembler.Outcome;
import org.passerelle.netback.protocol.ExtraInfo;
import org.passerelle.netback.protocol.TxRequest;
import org.passerelle.netback.testing.RawFrontend;
import org.passerelle.netback.testing.RawFrontend.Answer;

/** The limits of Linux's netback, slot by slot; the ring starts just below its wrap. */
class FrameAssemblerTest {
  private static final int OKAY = 0;
  private static final int ERROR = -1;
  private static final int NULL = 1;

  private final Arena arena = Arena.ofConfined();
  private final RawFrontend guest = new RawFrontend(arena, 0xfffffff0);
  private final BackRing ring = BackRing.attach(guest.page, TxRequest.SIZE);
  private final FrameAssembler assembler =
      new FrameAssembler(ring, guest.memory, RawFrontend.GUEST, arena);
  private final Frame frame = new Frame(arena);

  @AfterEach
  void free() {
    arena.close();
  }

  private Outcome take() {
    guest.push();
    assertThat(assembler.next()).isGreaterThanOrEqualTo(0);
    Outcome outcome = assembler.take(frame);
    ring.pushResponses();
    return outcome;
  }

  private byte at(int position) {
    return frame.data().get(JAVA_BYTE, position);
  }

  /** A first slot of {@code total} bytes in all and {@code behind} fragments of {@code each}. */
  private void chain(int total, int behind, int each) {
    int page = guest.grantedPage(0);
    guest.request(page, 0, behind > 0 ? MORE_DATA : 0, 0, total);
    for (int i = 1; i <= behind; i++) {
      guest.request(page, 0, i < behind ? MORE_DATA : 0, i, each);
    }
  }

  @Nested
  class Good {
    @Test
    void aFrameInOneSlot() {
      guest.request(guest.grantedPage(1), 10, DATA_VALIDATED, 42, 60);
      assertThat(take()).isEqualTo(Outcome.FRAME);
      assertThat(frame.length()).isEqualTo(60);
      assertThat(at(0)).isEqualTo((byte) 11);
      assertThat(at(59)).isEqualTo((byte) 70);
      assertThat(frame.checksumBlank()).isFalse();
      assertThat(frame.dataValidated()).isTrue();
      assertThat(guest.answers()).containsExactly(new Answer(42, OKAY));
    }

    @Test
    void theFirstSlotTellsTheWholeLength() {
      guest.request(guest.grantedPage(0), 0, MORE_DATA | CHECKSUM_BLANK, 1, 5000);
      guest.request(guest.grantedPage(100), 0, MORE_DATA, 2, 1000);
      guest.request(guest.grantedPage(200), 50, 0, 3, 900);
      assertThat(take()).isEqualTo(Outcome.FRAME);
      assertThat(frame.length()).isEqualTo(5000);
      assertThat(at(3099)).isEqualTo((byte) 3099);
      assertThat(at(3100)).isEqualTo((byte) 100);
      assertThat(at(4100)).isEqualTo((byte) 250);
      assertThat(frame.checksumBlank()).isTrue();
      assertThat(frame.dataValidated()).isTrue();
      assertThat(guest.answers())
          .containsExactly(new Answer(1, OKAY), new Answer(2, OKAY), new Answer(3, OKAY));
    }

    @Test
    void anExtraIsAnsweredWithNull() {
      guest.request(guest.grantedPage(0), 0, EXTRA_INFO | MORE_DATA | CHECKSUM_BLANK, 1, 3000);
      guest.extra(ExtraInfo.TYPE_HASH, ExtraInfo.FLAG_MORE, 0, 0);
      guest.extra(ExtraInfo.TYPE_GSO, 0, 1448, ExtraInfo.GSO_TCP_V6);
      guest.request(guest.grantedPage(0), 0, 0, 2, 1000);
      assertThat(take()).isEqualTo(Outcome.FRAME);
      assertThat(frame.gso()).isEqualTo(Frame.Gso.TCP_V6);
      assertThat(frame.gsoSize()).isEqualTo(1448);
      assertThat(guest.answers())
          .containsExactly(
              new Answer(1, OKAY), new Answer(0, NULL), new Answer(0, NULL), new Answer(2, OKAY));
    }

    @Test
    void metadataOfTheFrameBeforeIsForgotten() {
      guest.request(guest.grantedPage(0), 0, EXTRA_INFO | CHECKSUM_BLANK, 1, 100);
      guest.extra(ExtraInfo.TYPE_GSO, 0, 1448, ExtraInfo.GSO_TCP_V4);
      take();
      guest.request(guest.grantedPage(0), 0, 0, 2, 100);
      take();
      assertThat(frame.gso()).isEqualTo(Frame.Gso.NONE);
      assertThat(frame.gsoSize()).isZero();
      assertThat(frame.checksumBlank()).isFalse();
      assertThat(frame.dataValidated()).isFalse();
    }

    @Test
    void eighteenFragmentsBehindTheFirstAreAccepted() {
      chain(18 * 3000 + 2000, 18, 3000);
      assertThat(take()).isEqualTo(Outcome.FRAME);
      assertThat(frame.length()).isEqualTo(56000);
      assertThat(guest.answers()).hasSize(19).allMatch(answer -> answer.status() == OKAY);
    }

    @Test
    void theLongestFrame() {
      chain(65535, 15, 4096);
      assertThat(take()).isEqualTo(Outcome.FRAME);
      assertThat(frame.length()).isEqualTo(65535);
    }

    /** XSA-448: the grant of an empty fragment is not touched, here one that does not exist. */
    @Test
    void anEmptyLaterFragmentIsAnsweredOkay() {
      guest.request(guest.grantedPage(0), 0, MORE_DATA, 1, 100);
      guest.request(999_999, 0, MORE_DATA, 2, 0);
      guest.request(guest.grantedPage(7), 0, 0, 3, 50);
      assertThat(take()).isEqualTo(Outcome.FRAME);
      assertThat(at(50)).isEqualTo((byte) 7);
      assertThat(guest.answers())
          .containsExactly(new Answer(1, OKAY), new Answer(2, OKAY), new Answer(3, OKAY));
    }

    @Test
    void nothingWaitsInAnEmptyRing() {
      assertThat(assembler.next()).isEqualTo(FrameAssembler.EMPTY);
    }

    /** XSA-155: what was looked at is what is used, whatever the guest writes meanwhile. */
    @Test
    void aSlotIsReadOnce() {
      int page = guest.grantedPage(0);
      guest.request(page, 0, 0, 1, 100).push();
      assertThat(assembler.next()).isEqualTo(100);
      TxRequest.write(guest.page, ring.slot(0xfffffff0), page, 4000, MORE_DATA, 77, 65535);
      assertThat(assembler.take(frame)).isEqualTo(Outcome.FRAME);
      assertThat(frame.length()).isEqualTo(100);
      ring.pushResponses();
      assertThat(guest.answers()).containsExactly(new Answer(1, OKAY));
    }
  }

  @Nested
  class AnsweredWithError {
    @ParameterizedTest
    @ValueSource(ints = {19, 20})
    void moreFragmentsThanEighteen(int behind) {
      chain(60000, behind, 100);
      assertThat(take()).isEqualTo(Outcome.DROPPED);
      assertThat(guest.answers()).hasSize(behind + 1).allMatch(answer -> answer.status() == ERROR);
      assertThat(guest.memory.copied).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 13})
    void lessThanAnEthernetHeader(int size) {
      guest.request(guest.grantedPage(0), 0, 0, 5, size);
      assertThat(take()).isEqualTo(Outcome.DROPPED);
      assertThat(guest.answers()).containsExactly(new Answer(5, ERROR));
    }

    @Test
    void aFirstFragmentShorterThanAnEthernetHeader() {
      guest.request(guest.grantedPage(0), 0, MORE_DATA, 1, 113);
      guest.request(guest.grantedPage(0), 0, 0, 2, 100);
      assertThat(take()).isEqualTo(Outcome.DROPPED);
      assertThat(guest.answers()).containsExactly(new Answer(1, ERROR), new Answer(2, ERROR));
    }

    /** A frame of 64 KiB overflows the first slot's size: buggy, not malicious. */
    @Test
    void aFragmentLongerThanWhatIsLeft() {
      guest.request(guest.grantedPage(0), 0, MORE_DATA, 1, 1000);
      guest.request(guest.grantedPage(0), 0, MORE_DATA, 2, 1001);
      guest.request(guest.grantedPage(0), 0, 0, 3, 4096);
      assertThat(take()).isEqualTo(Outcome.DROPPED);
      assertThat(guest.answers())
          .containsExactly(new Answer(1, ERROR), new Answer(2, ERROR), new Answer(3, ERROR));
    }

    @Test
    void aGrantThatIsNoneSpoilsItsOwnSlotOnly() {
      guest.request(guest.grantedPage(0), 0, MORE_DATA, 1, 200);
      guest.request(4711, 0, MORE_DATA, 2, 50);
      guest.request(guest.grantedPage(0), 0, 0, 3, 50);
      assertThat(take()).isEqualTo(Outcome.DROPPED);
      assertThat(guest.answers())
          .containsExactly(new Answer(1, OKAY), new Answer(2, ERROR), new Answer(3, OKAY));
    }

    @ParameterizedTest
    @ValueSource(ints = {ExtraInfo.TYPE_MCAST_ADD, ExtraInfo.TYPE_MCAST_DEL})
    void multicastControlThatWasNotOffered(int type) {
      guest.request(0, 0, EXTRA_INFO, 9, 0);
      guest.extra(type, 0, 0, 0);
      assertThat(take()).isEqualTo(Outcome.DROPPED);
      assertThat(guest.answers()).containsExactly(new Answer(9, ERROR), new Answer(0, NULL));
    }

    @Test
    void theNextFrameIsFine() {
      chain(60000, 20, 100);
      take();
      guest.answers();
      guest.request(guest.grantedPage(3), 0, 0, 6, 64);
      assertThat(take()).isEqualTo(Outcome.FRAME);
      assertThat(guest.answers()).containsExactly(new Answer(6, OKAY));
    }
  }

  @Nested
  class Fatal {
    private void dies(String reason) {
      assertThat(take()).isEqualTo(Outcome.FATAL);
      assertThat(assembler.fatalReason()).isEqualTo(reason);
      assertThat(guest.memory.copied).as("bytes copied").isZero();
    }

    @Test
    void twentyOneFragments() {
      chain(60000, 21, 100);
      dies("Malicious frontend using 20 slots, threshold 20");
    }

    @Test
    void moreDataThatIsNotThere() {
      guest.request(guest.grantedPage(0), 0, MORE_DATA, 1, 1000);
      dies("Asked for 1 slots but exceeds this limit");
    }

    @Test
    void anExtraThatIsNotThere() {
      guest.request(guest.grantedPage(0), 0, EXTRA_INFO, 1, 1000);
      dies("Missing extra info");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 6, 255})
    void anExtraOfNoKnownType(int type) {
      guest.request(guest.grantedPage(0), 0, EXTRA_INFO, 1, 1000);
      guest.extra(type, 0, 0, 0);
      dies("Invalid extra type: " + type);
    }

    @ParameterizedTest
    @CsvSource({"0, 4097", "4096, 14", "4083, 14", "65535, 65535"})
    void aFirstSlotAcrossThePage(int offset, int size) {
      guest.request(guest.grantedPage(0), offset, 0, 1, size);
      dies("Cross page boundary, txreq.offset: %d, size: %d".formatted(offset, size));
    }

    @Test
    void aLaterSlotAcrossThePage() {
      guest.request(guest.grantedPage(0), 0, MORE_DATA, 1, 1000);
      guest.request(guest.grantedPage(0), 4000, 0, 2, 97);
      dies("Cross page boundary, txreq.offset: 4000, size: 97");
    }

    @Test
    void aGsoSizeOfZero() {
      guest.request(guest.grantedPage(0), 0, EXTRA_INFO, 1, 1000);
      guest.extra(ExtraInfo.TYPE_GSO, 0, 0, ExtraInfo.GSO_TCP_V4);
      dies("GSO size must not be zero.");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 255})
    void aGsoTypeThatIsNone(int type) {
      guest.request(guest.grantedPage(0), 0, EXTRA_INFO, 1, 1000);
      guest.extra(ExtraInfo.TYPE_GSO, 0, 1448, type);
      dies("Bad GSO type " + type + ".");
    }

    @ParameterizedTest
    @ValueSource(ints = {257, 1000, -1, Integer.MIN_VALUE})
    void anImpossibleProducer(int ahead) {
      guest.page.set(JAVA_INT, 0, 0xfffffff0 + ahead);
      assertThat(assembler.next()).isEqualTo(FrameAssembler.BROKEN);
      assertThat(assembler.fatalReason())
          .isEqualTo(
              "Impossible number of requests. req_prod %d, req_cons 4294967280, size 256"
                  .formatted(Integer.toUnsignedLong(0xfffffff0 + ahead)));
    }

    @Test
    void aRingFullOfExtras() {
      guest.request(0, 0, EXTRA_INFO, 1, 1000);
      for (int i = 1; i < 256; i++) {
        guest.extra(ExtraInfo.TYPE_HASH, ExtraInfo.FLAG_MORE, 0, 0);
      }
      dies("Missing extra info");
    }

    @Test
    void aRingFullOfFragments() {
      for (int i = 0; i < 256; i++) {
        guest.request(guest.memory.liveGrants(), 0, MORE_DATA, i, 14);
      }
      dies("Malicious frontend using 20 slots, threshold 20");
    }
  }

  @Test
  void answersComeOnceForEachOfManyFrames() {
    for (int round = 0; round < 100; round++) {
      int page = guest.grantedPage(round);
      guest.request(page, 0, MORE_DATA, 1, 200).request(page, 0, 0, 2, 100);
      assertThat(take()).isEqualTo(Outcome.FRAME);
      assertThat(guest.answers()).isEqualTo(List.of(new Answer(1, OKAY), new Answer(2, OKAY)));
      assertThat(guest.memory.end(page)).isTrue();
      guest.memory.release(round % 63 + 1);
    }
  }
}
