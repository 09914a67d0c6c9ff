package org.passerelle.hypervisor.xenstore.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.xenstore.StoreException;
import org.passerelle.hypervisor.xenstore.XenStore;
import org.passerelle.hypervisor.xenstore.XenStore.Permissions;
import org.passerelle.hypervisor.xenstore.XenStore.WatchEvent;

/** Connections within the process. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class StoreServerTest {
  private static final DomainId GUEST = new DomainId(5);

  private final StoreServer server = new StoreServer();
  private final XenStore dom0 = server.connect(DomainId.DOM0);
  private final BlockingQueue<WatchEvent> events = new ArrayBlockingQueue<>(1000);

  @AfterEach
  void close() {
    server.close();
  }

  private String next() throws InterruptedException {
    WatchEvent event = events.poll(10, TimeUnit.SECONDS);
    assertThat(event).as("an event within ten seconds").isNotNull();
    return event.path();
  }

  private static String errorOf(Runnable work) {
    StoreException refused = catchThrowableOfType(StoreException.class, work::run);
    return refused.error();
  }

  @Test
  void operations() {
    dom0.write("/a/b", "grüße");
    dom0.mkdir("/a/c");
    assertThat(dom0.read("/a/b")).isEqualTo("grüße");
    assertThat(dom0.read("/a/c")).isEmpty();
    assertThat(dom0.list("/a")).containsExactly("b", "c");
    assertThat(dom0.list("/a/b")).isEmpty();
    assertThat(dom0.readIfPresent("/a/b")).contains("grüße");
    assertThat(dom0.readIfPresent("/a/z")).isEmpty();
    dom0.setPermissions("/a/b", new Permissions(List.of("n0", "r5")));
    assertThat(dom0.permissions("/a/b").entries()).containsExactly("n0", "r5");
    dom0.remove("/a");
    assertThat(dom0.readIfPresent("/a/b")).isEmpty();
  }

  @Test
  void anErrorNamesOperationAndPath() {
    assertThatThrownBy(() -> dom0.read("/no/such"))
        .isInstanceOf(StoreException.class)
        .hasMessage("read /no/such: ENOENT");
    assertThat(errorOf(() -> dom0.write("/bad path", ""))).isEqualTo("EINVAL");
    assertThat(errorOf(() -> dom0.write("/nul\0", ""))).isEqualTo("EINVAL");
    assertThat(errorOf(() -> dom0.write("/long", "x".repeat(4096)))).isEqualTo("E2BIG");
  }

  @Test
  void aGuestNeedsAnIntroductionAndRights() {
    assertThat(errorOf(() -> server.connect(GUEST))).isEqualTo("ENOENT");
    server.introduce(GUEST);
    XenStore guest = server.connect(GUEST);
    assertThat(errorOf(() -> guest.write("x", "1"))).isEqualTo("EACCES");
    dom0.mkdir("/local/domain/5");
    dom0.setPermissions("/local/domain/5", new Permissions(List.of("n5")));
    guest.write("device/vif/0/state", "1");
    assertThat(dom0.read("/local/domain/5/device/vif/0/state")).isEqualTo("1");
    server.release(GUEST);
    assertThat(errorOf(() -> guest.read("x"))).isEqualTo("EIO");
    assertThat(dom0.readIfPresent("/local/domain/5")).isEmpty();
  }

  @Test
  void aWatchFiresAtOnceAndThenForEachChangeBelow() throws InterruptedException {
    dom0.write("/w/x", "1");
    XenStore.Watch watch = dom0.watch("/w", "t", events::add);
    assertThat(next()).isEqualTo("/w");
    dom0.write("/w/x", "2");
    assertThat(next()).isEqualTo("/w/x");
    dom0.write("/wx", "no child of it");
    dom0.mkdir("/w/y/z");
    assertThat(next()).isEqualTo("/w/y/z");
    dom0.setPermissions("/w", new Permissions(List.of("r0")));
    assertThat(next()).isEqualTo("/w");
    dom0.remove("/w/y");
    assertThat(next()).isEqualTo("/w/y");
    watch.close();
    dom0.write("/w/x", "3");
    dom0.watch("/end", "t", events::add);
    assertThat(next()).as("nothing after its end").isEqualTo("/end");
  }

  @Test
  void aWatchBelowARemovedNodeHearsOfItself() throws InterruptedException {
    dom0.write("/a/b/c", "1");
    dom0.watch("/a/b", "t", events::add);
    dom0.watch("/a/none", "t", events::add);
    assertThat(List.of(next(), next())).containsExactly("/a/b", "/a/none");
    dom0.remove("/a");
    assertThat(next()).isEqualTo("/a/b");
    dom0.write("/a/none", "1");
    assertThat(next()).isEqualTo("/a/none");
  }

  @Test
  void aTransactionIsHeardOfOnceItIsCommitted() throws InterruptedException {
    dom0.watch("/t", "t", events::add);
    assertThat(next()).isEqualTo("/t");
    dom0.transaction(
        inside -> {
          inside.write("/t/a", "1");
          inside.write("/t/b", "2");
          inside.write("/t/a", "3");
          assertThat(dom0.readIfPresent("/t/a")).isEmpty();
          assertThat(events).isEmpty();
          return null;
        });
    assertThat(List.of(next(), next())).containsExactly("/t/a", "/t/b");
    assertThat(dom0.read("/t/a")).isEqualTo("3");
  }

  @Test
  void whatIsThrownEndsTheTransactionAndIsPassedOn() {
    assertThatThrownBy(
            () ->
                dom0.transaction(
                    inside -> {
                      inside.write("/t", "1");
                      throw new IllegalArgumentException("mine");
                    }))
        .hasMessage("mine");
    assertThat(dom0.readIfPresent("/t")).isEmpty();
  }

  @Test
  void aTransactionIsTriedAgainWhenAnotherCameBetween() {
    dom0.write("/n", "0");
    AtomicInteger tries = new AtomicInteger();
    String read =
        dom0.transaction(
            inside -> {
              String seen = inside.read("/n");
              if (tries.incrementAndGet() == 1) {
                dom0.write("/n", "1");
              }
              inside.write("/m", seen);
              return seen;
            });
    assertThat(read).isEqualTo("1");
    assertThat(tries).hasValue(2);
    assertThat(dom0.read("/m")).isEqualTo("1");
  }

  @Test
  void domainsComingAndGoing() throws InterruptedException {
    dom0.watch("@introduceDomain", "i", events::add);
    dom0.watch("@releaseDomain", "r", events::add);
    assertThat(List.of(next(), next())).containsExactly("@introduceDomain", "@releaseDomain");
    server.introduce(GUEST);
    assertThat(next()).isEqualTo("@introduceDomain");
    server.release(GUEST);
    assertThat(next()).isEqualTo("@releaseDomain");
  }

  @Test
  void twoWatchesOfOnePathAndTokenAreTwo() throws InterruptedException {
    List<String> told = new ArrayList<>();
    Consumer<WatchEvent> first = event -> told.add("first");
    dom0.watch("/a", "same", first);
    dom0.watch("/a", "same", events::add);
    assertThat(next()).isEqualTo("/a");
    dom0.write("/a", "1");
    assertThat(next()).isEqualTo("/a");
    assertThat(told).containsExactly("first", "first");
  }

  @Test
  void aReceiverThatFailsOrCallsBackHarmsNobody() throws InterruptedException {
    CompletableFuture<Throwable> caught = new CompletableFuture<>();
    dom0.watch(
        "/a",
        "t",
        event -> {
          try {
            dom0.read("/a");
          } catch (IllegalStateException e) {
            caught.complete(e);
          }
          throw new IllegalArgumentException("a receiver that fails on purpose");
        });
    dom0.watch("/a", "t", events::add);
    assertThat(next()).isEqualTo("/a");
    assertThat(caught.join()).hasMessageContaining("hand over");
  }

  @Test
  void afterTheServersEnd() {
    server.close();
    assertThatThrownBy(() -> dom0.read("/tool"))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("the store is closed");
    dom0.close();
  }
}
