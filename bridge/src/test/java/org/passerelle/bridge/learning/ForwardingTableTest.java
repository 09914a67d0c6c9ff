package org.passerelle.bridge.learning;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ForwardingTableTest {
  private static final long AGEING = 300_000;
  private static final long KEY = 0x0123_4567_89AB_CDEFL;
  private static final long WEB = 0x0016_3E00_0001L;
  private static final long MAIL = 0x0016_3E00_0002L;

  private final ForwardingTable table = new ForwardingTable(100, AGEING, KEY);

  @Example
  void knowsWhatItLearnt() {
    assertThat(table.lookUp(WEB, 0)).isEqualTo(ForwardingTable.NONE);
    assertThat(table.learn(WEB, 3, 0)).isTrue();
    assertThat(table.learn(MAIL, 65_535, 0)).isTrue();
    assertThat(table.lookUp(WEB, 0)).isEqualTo(3);
    assertThat(table.lookUp(MAIL, 0)).isEqualTo(65_535);
    assertThat(table.size()).isEqualTo(2);
  }

  @Example
  void aStationThatMovedIsFoundAtItsNewPlaceAtOnce() {
    table.learn(WEB, 3, 0);
    table.learn(WEB, 4, 0);
    assertThat(table.lookUp(WEB, 0)).isEqualTo(4);
    assertThat(table.size()).isEqualTo(1);
  }

  @Example
  void silenceIsForgottenAfterTheAgeingTime() {
    table.learn(WEB, 3, 1_000);
    table.learn(MAIL, 3, 1_000);
    table.learn(MAIL, 3, 2_000);
    assertThat(table.lookUp(WEB, 1_000 + AGEING - 1)).isEqualTo(3);
    assertThat(table.lookUp(WEB, 1_000 + AGEING)).isEqualTo(ForwardingTable.NONE);
    assertThat(table.lookUp(MAIL, 1_000 + AGEING)).isEqualTo(3);
  }

  @Example
  void sweepingFreesWhatIsTooOld() {
    LongStream.rangeClosed(1, 100).forEach(station -> table.learn(station, 1, station));
    table.sweep(400, AGEING + 40); // 256 slots, and one more look at each that was freed
    assertThat(table.size()).isEqualTo(60);
    assertThat(table.lookUp(41, AGEING + 40)).isEqualTo(1);
  }

  @Example
  void whoInventsAddressesPushesOutHisOwn() {
    LongStream.rangeClosed(1, 30).forEach(station -> table.learn(station, 1, 0));
    boolean room = true;
    for (long invented = 1_000; invented < 100_000; invented++) {
      room &= table.learn(invented, 2, 0);
      assertThat(table.lookUp(invented, 0)).isEqualTo(2);
    }
    assertThat(room).isFalse();
    assertThat(table.size()).isEqualTo(100);
    assertThat(LongStream.rangeClosed(1, 30)).allMatch(station -> table.lookUp(station, 0) == 1);
  }

  @Example
  void amongPortsWithEquallyManyTheNewcomersOwnGivesWay() {
    LongStream.rangeClosed(1, 50).forEach(station -> table.learn(station, 0, 0));
    LongStream.rangeClosed(51, 100).forEach(station -> table.learn(station, 1, 0));
    LongStream.rangeClosed(101, 400).forEach(station -> table.learn(station, 1, 0));
    assertThat(LongStream.rangeClosed(1, 50)).allMatch(station -> table.lookUp(station, 0) == 0);
  }

  @Example
  void aFullTableTakesThePlaceOfWhatIsTooOldFirst() {
    LongStream.rangeClosed(1, 10).forEach(station -> table.learn(station, 1, 0));
    LongStream.rangeClosed(11, 100).forEach(station -> table.learn(station, 2, 1));
    for (long station = 101; station <= 110; station++) {
      table.learn(station, 3, AGEING);
    }
    assertThat(table.size()).isEqualTo(100);
    assertThat(LongStream.rangeClosed(101, 110))
        .allMatch(station -> table.lookUp(station, AGEING) == 3);
  }

  @Example
  void theSmallestTableHoldsOne() {
    ForwardingTable one = new ForwardingTable(1, AGEING, KEY);
    assertThat(one.learn(WEB, 1, 0)).isTrue();
    assertThat(one.learn(MAIL, 300, 0)).isFalse();
    assertThat(one.lookUp(WEB, 0)).isEqualTo(ForwardingTable.NONE);
    assertThat(one.lookUp(MAIL, 0)).isEqualTo(300);
  }

  /** Something that is done to a table. */
  private record Act(Verb verb, long station, int port, int silence) {}

  private enum Verb {
    LEARN,
    FLUSH,
    SWEEP
  }

  private record Seen(int port, long at) {}

  @Provide
  Arbitrary<List<Act>> acts() {
    Arbitrary<Long> stations =
        Arbitraries.longs().between(1, 40).map(number -> number << 20 | 0x0016_3E00_0000L);
    Arbitrary<Verb> verbs =
        Arbitraries.of(Verb.LEARN, Verb.LEARN, Verb.LEARN, Verb.LEARN, Verb.FLUSH, Verb.SWEEP);
    Arbitrary<Integer> waits = Arbitraries.of(0, 0, 0, 1, 100_000, 299_999, 300_000);
    return Combinators.combine(verbs, stations, Arbitraries.integers().between(0, 4), waits)
        .as(Act::new)
        .list()
        .ofMaxSize(120);
  }

  @Property
  void withRoomItIsAMapWithTimes(@ForAll("acts") List<Act> acts, @ForAll long hashKey) {
    ForwardingTable tested = new ForwardingTable(40, AGEING, hashKey);
    Map<Long, Seen> model = new HashMap<>();
    long now = 0;
    for (Act act : acts) {
      now += act.silence();
      long time = now;
      perform(act, tested, model, time);
      assertThat(tested.size()).isBetween(living(model, time), 40);
      for (long number = 1; number <= 40; number++) {
        long station = number << 20 | 0x0016_3E00_0000L;
        assertThat(tested.lookUp(station, time)).isEqualTo(expected(model, station, time));
      }
    }
  }

  @Property
  void withoutRoomItIsStillBoundedAndNeverWrong(
      @ForAll("acts") List<Act> acts, @ForAll long hashKey) {
    ForwardingTable tested = new ForwardingTable(7, AGEING, hashKey);
    Map<Long, Seen> model = new HashMap<>();
    long now = 0;
    for (Act act : acts) {
      now += act.silence();
      Set<Long> before = known(tested, now);
      perform(act, tested, model, now);
      Set<Long> after = known(tested, now);
      assertThat(tested.size()).isLessThanOrEqualTo(7);
      for (long station : after) {
        assertThat(tested.lookUp(station, now)).isEqualTo(expected(model, station, now));
      }
      if (act.verb() == Verb.LEARN) {
        before.removeAll(after);
        assertThat(after).contains(act.station());
        assertThat(before).hasSizeLessThanOrEqualTo(1);
      }
    }
  }

  private static void perform(Act act, ForwardingTable table, Map<Long, Seen> model, long now) {
    switch (act.verb()) {
      case LEARN -> {
        table.learn(act.station(), act.port(), now);
        model.put(act.station(), new Seen(act.port(), now));
      }
      case FLUSH -> {
        table.flush(act.port());
        model.values().removeIf(seen -> seen.port() == act.port());
      }
      case SWEEP -> table.sweep(8, now);
    }
  }

  private static int expected(Map<Long, Seen> model, long station, long now) {
    Seen seen = model.get(station);
    return seen == null || now - seen.at() >= AGEING ? ForwardingTable.NONE : seen.port();
  }

  private static int living(Map<Long, Seen> model, long now) {
    return (int) model.values().stream().filter(seen -> now - seen.at() < AGEING).count();
  }

  private static Set<Long> known(ForwardingTable table, long now) {
    Set<Long> known = new HashSet<>();
    for (long number = 1; number <= 40; number++) {
      long station = number << 20 | 0x0016_3E00_0000L;
      if (table.lookUp(station, now) != ForwardingTable.NONE) {
        known.add(station);
      }
    }
    return known;
  }
}
