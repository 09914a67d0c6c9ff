package org.passerelle.hypervisor.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.passerelle.hypervisor.embedded.TwoDomains.GRANTER;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.memory.ForeignGrants.MappedGrant;
import org.passerelle.hypervisor.memory.GrantAccess;
import org.passerelle.hypervisor.memory.GrantEntryLayout;
import org.passerelle.hypervisor.memory.GrantException;
import org.passerelle.hypervisor.memory.GrantStatus;

/** Granter and user at the same time, on threads of their own. */
@Timeout(60)
class GrantRaceTest {
  private static final int ROUNDS = 20_000;
  private static final byte SECRET = 0x53;
  private final TwoDomains domains = new TwoDomains();
  private final ExecutorService threads = Executors.newFixedThreadPool(3);
  private final AtomicBoolean stop = new AtomicBoolean();

  @AfterEach
  void close() {
    stop.set(true);
    threads.close();
    domains.close();
  }

  /**
   * The granter ends a grant and, where that succeeded, puts a secret into the page; the user, as
   * long as it has the page mapped, must never see it.
   */
  @Test
  void anEndedGrantIsNeverMapped() throws Exception {
    int frame = domains.granter.memory().allocate();
    AtomicInteger reference = new AtomicInteger(grant(frame));
    AtomicInteger mapped = new AtomicInteger();
    Future<Integer> user = threads.submit(() -> mapAgainAndAgain(reference, mapped));
    int ended = 0;
    while (ended < 500 || mapped.get() < 500) {
      if (domains.granter.grants().end(reference.get())) {
        ended++;
        fill(frame, SECRET);
        fill(frame, (byte) 0);
        reference.set(grant(frame));
      }
    }
    stop.set(true);
    assertThat(user.get()).as("secrets seen").isZero();
  }

  private int mapAgainAndAgain(AtomicInteger reference, AtomicInteger mapped) {
    int secrets = 0;
    while (!stop.get()) {
      try (MappedGrant page =
          domains.dom0.foreignGrants().map(GRANTER, reference.get(), GrantAccess.READ_ONLY)) {
        mapped.incrementAndGet();
        for (int look = 0; look < 20; look++) {
          secrets += page.page().get(ValueLayout.JAVA_BYTE, look * 200L) == SECRET ? 1 : 0;
        }
      } catch (GrantException e) {
        // Between end and grant there is nothing to map.
        Thread.onSpinWait();
      }
    }
    return secrets;
  }

  /** The same for copies, into memory of two users at once. */
  @Test
  void anEndedGrantIsNeverCopied() throws Exception {
    int frame = domains.granter.memory().allocate();
    AtomicInteger reference = new AtomicInteger(grant(frame));
    AtomicInteger copied = new AtomicInteger();
    Future<Integer> one = threads.submit(copier(reference, copied, 0));
    Future<Integer> two = threads.submit(copier(reference, copied, 8192));
    int ended = 0;
    while (ended < ROUNDS || copied.get() < ROUNDS) {
      if (domains.granter.grants().end(reference.get())) {
        ended++;
        fill(frame, SECRET);
        fill(frame, (byte) 0);
        reference.set(grant(frame));
      }
    }
    stop.set(true);
    assertThat(one.get() + two.get()).as("secrets seen").isZero();
  }

  private Callable<Integer> copier(AtomicInteger reference, AtomicInteger copied, long at) {
    MemorySegment local = domains.local;
    return () -> {
      int secrets = 0;
      while (!stop.get()) {
        int status =
            domains.dom0.foreignGrants().copyFrom(GRANTER, reference.get(), 0, local, at, 4096);
        if (status == GrantStatus.OKAY) {
          copied.incrementAndGet();
          secrets += seen(local.asSlice(at, 4096));
        }
      }
      return secrets;
    };
  }

  private static int seen(MemorySegment page) {
    for (long i = 0; i < page.byteSize(); i++) {
      if (page.get(ValueLayout.JAVA_BYTE, i) == SECRET) {
        return 1;
      }
    }
    return 0;
  }

  /** A granter that rewrites its entry without a pause holds nobody up, and gets nothing. */
  @Test
  void anUnstableEntryIsRefusedOrCopiedAsOneOfItsValues() throws Exception {
    int frame = domains.granter.memory().allocate();
    int other = domains.granter.memory().allocate();
    fill(frame, (byte) 1);
    fill(other, (byte) 2);
    Future<?> hostile =
        threads.submit(
            () -> {
              while (!stop.get()) {
                domains.write(8, 1, 0, frame);
                domains.write(8, 1, 6, 9999);
                domains.write(8, 1, 0, other);
                domains.write(8, 0, 0, 0);
              }
            });
    int copied = 0;
    for (int i = 0; i < 200_000; i++) {
      domains.local.fill((byte) 0);
      int status = domains.copyFrom(8, 0, 64);
      assertThat(status).isIn(GrantStatus.OKAY, GrantStatus.GENERAL_ERROR, GrantStatus.BAD_PAGE);
      if (status == GrantStatus.OKAY) {
        copied++;
        assertThat(domains.local.get(ValueLayout.JAVA_BYTE, 0)).isIn((byte) 1, (byte) 2);
      }
    }
    assertThat(copied).isPositive();
    stop.set(true);
    hostile.get();
  }

  /** Domains that end while they are copied from: okay, then no such domain, and never a fault. */
  @Test
  void aDomainMayEndWhileItIsCopiedFrom() throws Exception {
    AtomicReference<EmbeddedDomain> granter = new AtomicReference<>(domains.granter);
    AtomicInteger copied = new AtomicInteger();
    domains.write(8, 1, 0, 1);
    Future<Set<Integer>> user = threads.submit(() -> copyFromAny(granter, copied));
    for (int id = 100; id < 1100; id++) {
      int before = copied.get();
      while (copied.get() < before + 10 && !user.isDone()) {
        Thread.onSpinWait();
      }
      EmbeddedDomain next = domains.start(id);
      GrantEntryLayout.WORD.setVolatile(
          next.memory().space(), GrantEntryLayout.at(8), GrantEntryLayout.word(1, 0, 1));
      EmbeddedDomain last = granter.getAndSet(next);
      domains.destroy(last);
    }
    stop.set(true);
    assertThat(user.get()).isSubsetOf(GrantStatus.OKAY, GrantStatus.BAD_DOMAIN);
    domains.destroy(granter.get());
  }

  private Set<Integer> copyFromAny(AtomicReference<EmbeddedDomain> granter, AtomicInteger copied) {
    Set<Integer> statuses = new HashSet<>();
    while (!stop.get()) {
      ActiveGrants grants = granter.get().active();
      statuses.add(grants.copyFrom(0, 8, 0, domains.local, 0, 4096));
      copied.incrementAndGet();
    }
    return statuses;
  }

  private int grant(int frame) {
    return domains.granter.grants().grant(DomainId.DOM0, frame, GrantAccess.READ_ONLY);
  }

  private void fill(int frame, byte value) {
    domains.granter.memory().page(frame).fill(value);
  }

  @Test
  void entriesAreAlignedForOneExchange() {
    assertThat(domains.memory().address() % GrantEntryLayout.SIZE).isZero();
  }
}
