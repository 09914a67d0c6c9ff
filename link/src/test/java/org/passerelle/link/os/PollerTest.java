package org.passerelle.link.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.passerelle.link.rtnl.KernelException;

@Timeout(20)
class PollerTest {
  private final Poller poller = new Poller();
  private final EventFd one = new EventFd();
  private final EventFd other = new EventFd();
  private final List<String> calls = new ArrayList<>();

  @AfterEach
  void close() {
    poller.close();
    one.close();
    other.close();
  }

  private Poller.Handler note(String name) {
    return events -> calls.add(name + " " + events);
  }

  @Test
  void callsTheHandlersOfWhatIsReady() {
    poller.add(one.descriptor(), Poller.READABLE, note("one"));
    poller.add(other.descriptor(), Poller.READABLE, note("other"));
    assertThat(poller.poll(0)).isZero();
    other.signal();
    assertThat(poller.poll(-1)).isOne();
    assertThat(calls).containsExactly("other 1");
  }

  @Test
  void aLevelLastsAnEdgeIsToldOnce() {
    poller.add(one.descriptor(), Poller.READABLE, note("level"));
    poller.add(other.descriptor(), Poller.READABLE | Poller.EDGE, note("edge"));
    one.signal();
    other.signal();
    poller.poll(0);
    poller.poll(0);
    assertThat(calls).containsExactlyInAnyOrder("level 1", "edge 1", "level 1");
    other.signal();
    poller.poll(0);
    assertThat(calls).contains("edge 1").hasSize(5);
  }

  @Test
  void watchesForSomethingElseAfterAChange() {
    poller.add(one.descriptor(), Poller.READABLE, note("one"));
    poller.change(one.descriptor(), Poller.WRITABLE);
    poller.poll(0);
    assertThat(calls).containsExactly("one 4");
  }

  @Test
  void whatAnEarlierHandlerRemovedIsNotCalledNorItsSuccessor() {
    poller.add(one.descriptor(), Poller.READABLE, events -> replace(one, other));
    poller.add(other.descriptor(), Poller.READABLE, events -> replace(other, one));
    one.signal();
    other.signal();
    poller.poll(0);
    assertThat(calls).containsExactly("first");
    poller.poll(0);
    assertThat(calls).containsExactly("first", "successor 1");
  }

  /** Both are ready: whichever comes first replaces the other's watch, whose event is under way. */
  private void replace(EventFd first, EventFd victim) {
    calls.add("first");
    first.clear();
    poller.remove(victim.descriptor());
    poller.add(victim.descriptor(), Poller.READABLE, note("successor"));
  }

  @Test
  void watchesDescriptorsOfAnyNumber() {
    List<EventFd> many = new ArrayList<>();
    AtomicInteger ready = new AtomicInteger();
    for (int i = 0; i < 200; i++) {
      EventFd event = new EventFd();
      many.add(event);
      poller.add(event.descriptor(), Poller.READABLE | Poller.EDGE, e -> ready.incrementAndGet());
      event.signal();
    }
    while (poller.poll(0) > 0) {
      continue; // 64 at a time
    }
    assertThat(ready).hasValue(200);
    many.forEach(EventFd::close);
  }

  @Test
  void anotherThreadWakesIt() throws Exception {
    Thread waker = Thread.ofPlatform().start(poller::wakeUp);
    assertThat(poller.poll(-1)).isOne();
    waker.join();
    assertThat(poller.poll(0)).isZero();
    poller.wakeUp();
    poller.wakeUp();
    assertThat(poller.poll(-1)).isOne();
  }

  @Test
  void runsEveryTaskThatOtherThreadsPost() throws Exception {
    AtomicInteger done = new AtomicInteger();
    Thread us = Thread.currentThread();
    Runnable task = () -> done.addAndGet(Thread.currentThread() == us ? 1 : 1_000_000);
    List<Thread> posters = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      posters.add(Thread.ofPlatform().start(() -> postMany(task)));
    }
    while (done.get() < 4 * 5000) {
      poller.poll(-1); // a wake-up lost would leave us here for ever
    }
    for (Thread poster : posters) {
      poster.join();
    }
    assertThat(done).hasValue(4 * 5000);
  }

  private void postMany(Runnable task) {
    for (int i = 0; i < 5000; i++) {
      poller.post(task);
    }
  }

  @Test
  void whatAHandlerThrowsDoesNotKeepTheOthersFromTheirTurn() {
    poller.add(one.descriptor(), Poller.READABLE, events -> fail("one"));
    poller.add(other.descriptor(), Poller.READABLE, events -> fail("other"));
    poller.post(() -> calls.add("posted"));
    one.signal();
    other.signal();
    assertThatThrownBy(() -> poller.poll(0))
        .isInstanceOf(IllegalStateException.class)
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
    assertThat(calls).containsExactlyInAnyOrder("one", "other", "posted");
  }

  /** Whatever is thrown: an edge is not told of again. */
  @Test
  void anErrorToo() {
    poller.add(one.descriptor(), Poller.READABLE | Poller.EDGE, events -> wreck("one"));
    poller.add(other.descriptor(), Poller.READABLE | Poller.EDGE, events -> wreck("other"));
    poller.post(() -> wreck("posted"));
    one.signal();
    other.signal();
    assertThatThrownBy(() -> poller.poll(0))
        .isInstanceOf(AssertionError.class)
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(2));
    assertThat(calls).containsExactlyInAnyOrder("one", "other", "posted");
  }

  private void wreck(String who) {
    calls.add(who);
    throw new AssertionError(who);
  }

  private void fail(String who) {
    calls.add(who);
    throw new IllegalStateException(who);
  }

  @Test
  void saysWhichDescriptorItCannotWatch() {
    assertThatThrownBy(() -> poller.add(987_654, Poller.READABLE, note("none")))
        .isInstanceOf(KernelException.class)
        .hasMessageStartingWith("watch descriptor 987654: ")
        .hasMessageContaining("Bad file descriptor");
  }
}
