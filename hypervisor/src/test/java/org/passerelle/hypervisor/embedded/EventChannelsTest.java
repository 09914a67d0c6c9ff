package org.passerelle.hypervisor.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.event.EventChannelException;
import org.passerelle.hypervisor.event.EventChannels;

@Timeout(60)
class EventChannelsTest {
  private static final DomainId GUEST = TwoDomains.GRANTER;
  private final TwoDomains domains = new TwoDomains();
  private final EventChannels guest = domains.granter.events();
  private final EventChannels dom0 = domains.dom0.events();
  private int front;
  private int back;

  @BeforeEach
  void bind() {
    front = guest.allocateUnbound(DomainId.DOM0);
    back = dom0.bindInterdomain(GUEST, front);
  }

  @AfterEach
  void close() {
    domains.close();
  }

  @Test
  void portsCountFromOneAndTheLowestFreeOneIsTaken() {
    assertThat(front).isEqualTo(1);
    assertThat(guest.allocateUnbound(DomainId.DOM0)).isEqualTo(2);
    assertThat(guest.allocateUnbound(DomainId.DOM0)).isEqualTo(3);
    guest.close(2);
    assertThat(guest.allocateUnbound(DomainId.DOM0)).isEqualTo(2);
  }

  @Test
  void whoBindsLooksOnce() {
    assertThat(dom0.consume(back)).isTrue();
    assertThat(dom0.consume(back)).isFalse();
    assertThat(guest.consume(front)).isFalse();
  }

  @Test
  void anEventGoesToTheOtherEndAndManyAreOne() {
    dom0.consume(back);
    for (int i = 0; i < 1000; i++) {
      guest.notify(front);
    }
    assertThat(guest.consume(front)).isFalse();
    assertThat(dom0.consume(back)).isTrue();
    assertThat(dom0.consume(back)).isFalse();
    dom0.notify(back);
    assertThat(guest.consume(front)).isTrue();
  }

  @Test
  void theDescriptorIsReadableWhilePending() {
    try (Poller poller = new Poller(guest.descriptor(front))) {
      assertThat(poller.readable()).isFalse();
      dom0.notify(back);
      assertThat(poller.readable()).isTrue();
      guest.consume(front);
      assertThat(poller.readable()).isFalse();
    }
  }

  @Test
  void eachEventAfterAConsumedOneIsAnEdge() {
    try (Poller poller = new Poller(guest.descriptor(front))) {
      for (int i = 0; i < 10; i++) {
        assertThat(poller.edge()).as("round %d", i).isFalse();
        dom0.notify(back);
        assertThat(poller.edge()).as("round %d", i).isTrue();
        guest.consume(front);
      }
    }
  }

  @Test
  void aMaskedPortIsQuietAndKeepsItsEvent() {
    try (Poller poller = new Poller(guest.descriptor(front))) {
      guest.mask(front);
      guest.mask(front);
      dom0.notify(back);
      assertThat(poller.readable()).isFalse();
      assertThat(poller.edge()).isFalse();
      guest.unmask(front);
      guest.unmask(front);
      assertThat(poller.edge()).isTrue();
      assertThat(poller.readable()).isTrue();
      assertThat(guest.consume(front)).isTrue();
    }
  }

  @Test
  void anEventThatWasSeenBeforeMaskingComesAgain() {
    try (Poller poller = new Poller(guest.descriptor(front))) {
      dom0.notify(back);
      assertThat(poller.edge()).isTrue();
      guest.mask(front);
      assertThat(poller.readable()).isFalse();
      guest.unmask(front);
      assertThat(poller.edge()).isTrue();
    }
  }

  @Test
  void aMaskedEventCanBeTaken() {
    guest.mask(front);
    dom0.notify(back);
    assertThat(guest.consume(front)).isTrue();
    try (Poller poller = new Poller(guest.descriptor(front))) {
      guest.unmask(front);
      assertThat(poller.readable()).isFalse();
    }
  }

  @Test
  void aFullCountHoldsNobodyUp() {
    PortEnd end = domains.granter.events().find(front);
    try (Arena arena = Arena.ofConfined()) {
      // 2^64 - 2, the most that an eventfd counts to: the next write would block.
      MemorySegment most = arena.allocateFrom(ValueLayout.JAVA_LONG, -2L);
      assertThat(Posix.writeAtOnce(end.bell().descriptor(), most)).isTrue();
    }
    dom0.notify(back);
    assertThat(guest.consume(front)).isTrue();
    assertThat(guest.consume(front)).isFalse();
  }

  @Test
  void onlyTheDomainThatItIsKeptForBinds() {
    int kept = guest.allocateUnbound(DomainId.DOM0);
    refused(domains.dom6.events(), GUEST, kept, "EINVAL", "kept for dom0");
    refused(dom0, GUEST, front, "EINVAL", "bound already");
    refused(dom0, new DomainId(99), 1, "ESRCH", "no such domain");
    for (int wrong : new int[] {0, -1, 7, 8, 9, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      refused(dom0, GUEST, wrong, "EINVAL", "no such port");
    }
    assertThat(dom0.bindInterdomain(GUEST, kept)).isEqualTo(2);
  }

  private static void refused(
      EventChannels who, DomainId remote, int port, String error, String reason) {
    EventChannelException refused =
        catchThrowableOfType(EventChannelException.class, () -> who.bindInterdomain(remote, port));
    assertThat(refused.error()).isEqualTo(error);
    assertThat(refused).hasMessageContainingAll(reason, remote.toString());
  }

  @Test
  void aDomainMayTalkToItself() {
    int one = guest.allocateUnbound(GUEST);
    int other = guest.bindInterdomain(GUEST, one);
    guest.consume(other);
    guest.notify(one);
    assertThat(guest.consume(other)).isTrue();
    assertThat(guest.consume(one)).isFalse();
  }

  @Test
  void theOtherEndOutlivesAClosedOneAndCanBeBoundAgain() {
    dom0.close(back);
    guest.notify(front);
    assertThat(guest.consume(front)).isFalse();
    int again = dom0.bindInterdomain(GUEST, front);
    dom0.consume(again);
    guest.notify(front);
    assertThat(dom0.consume(again)).isTrue();
  }

  @Test
  void aClosedPortIsNobodys() {
    dom0.close(back);
    for (int wrong : new int[] {back, 0, -1, 5000}) {
      assertThatThrownBy(() -> dom0.notify(wrong))
          .isInstanceOf(EventChannelException.class)
          .hasMessageContaining("dom0 port " + wrong);
      assertThatThrownBy(() -> dom0.close(wrong)).isInstanceOf(EventChannelException.class);
      assertThatThrownBy(() -> dom0.consume(wrong)).isInstanceOf(EventChannelException.class);
    }
  }

  @Test
  void aGuestHasNoMorePortsThanXlGivesIt() {
    for (int port = 2; port <= 1023; port++) {
      assertThat(guest.allocateUnbound(DomainId.DOM0)).isEqualTo(port);
    }
    assertThatThrownBy(() -> guest.allocateUnbound(DomainId.DOM0))
        .isInstanceOf(EventChannelException.class)
        .hasMessageContaining("all 1023 ports");
  }

  @Test
  void theOtherEndStaysWhenADomainEnds() {
    domains.destroy(domains.granter);
    dom0.notify(back);
    dom0.consume(back);
    assertThatThrownBy(() -> guest.notify(front)).isInstanceOf(EventChannelException.class);
    assertThatThrownBy(() -> guest.allocateUnbound(DomainId.DOM0))
        .isInstanceOf(EventChannelException.class)
        .hasMessageContaining("ends");
    dom0.close(back);
  }

  /**
   * One end rings while the other is closed and made anew: a write must never reach what got the
   * same descriptor number next, here a file.
   */
  @Test
  void aRingNeverReachesAnotherDescriptor() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
      Future<?> ringer =
          threads.submit(
              () -> {
                while (!stop.get()) {
                  guest.notify(front);
                }
              });
      int end = back;
      long reached = 0;
      for (int i = 0; i < 3000; i++) {
        dom0.close(end);
        // Two descriptors went; these two get their numbers.
        try (MemoryFile one = MemoryFile.create(GUEST, 4096);
            MemoryFile two = MemoryFile.create(GUEST, 4096)) {
          reached |= one.whole().get(ValueLayout.JAVA_LONG, 0);
          reached |= two.whole().get(ValueLayout.JAVA_LONG, 0);
        }
        end = dom0.bindInterdomain(GUEST, front);
      }
      stop.set(true);
      ringer.get();
      assertThat(reached).isZero();
    }
  }
}
