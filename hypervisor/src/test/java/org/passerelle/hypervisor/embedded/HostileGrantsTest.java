package org.passerelle.hypervisor.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.passerelle.hypervisor.embedded.TwoDomains.GRANTER;
import static org.passerelle.hypervisor.memory.GrantStatus.BAD_DOMAIN;
import static org.passerelle.hypervisor.memory.GrantStatus.BAD_GNTREF;
import static org.passerelle.hypervisor.memory.GrantStatus.GENERAL_ERROR;
import static org.passerelle.hypervisor.memory.GrantStatus.OKAY;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.memory.ForeignGrants.MappedGrant;
import org.passerelle.hypervisor.memory.GrantAccess;
import org.passerelle.hypervisor.memory.GrantException;

/** A granter who writes whatever it likes into its table, and whoever names references for it. */
class HostileGrantsTest {
  private static final int REFERENCE = 20;
  private final TwoDomains domains = new TwoDomains();
  private final int frame = domains.granter.memory().allocate();

  @AfterEach
  void close() {
    domains.close();
  }

  /** dom5 has 16 pages, so one frame of 512 entries and frames 1..16. */
  @ParameterizedTest
  @CsvSource({
    "0, 0, 1, -1", // no entry: GTF_invalid
    "2, 0, 1, -1", // GTF_accept_transfer
    "3, 0, 1, -1", // GTF_transitive
    "257, 0, 1, -1", // a sub-page grant, which version 1 cannot describe
    "1, 6, 1, -1", // for another domain
    "1, 65535, 1, -1", // for no domain at all
    "24, 0, 1, -1", // in use, it claims, but not granted
    "1, 0, 0, -9", // the grant table itself
    "1, 0, 17, -9", // one page past the end
    "1, 0, -1, -9", // frame 4294967295
    "1, 0, -2147483648, -9", // frame 2^31: negative as an int
    "1, 0, 1048576, -9", // 4 GiB: zero as a 32-bit byte offset
  })
  void refusesEntriesThatGrantNothing(int flags, int domain, int frame, int status) {
    domains.write(REFERENCE, flags, domain, frame);
    assertThat(domains.copyFrom(REFERENCE, 0, 60)).isEqualTo(status);
    assertThat(domains.copyTo(REFERENCE, 0, 60)).isEqualTo(status);
    assertThat(mapStatus(REFERENCE, GrantAccess.READ_ONLY)).isEqualTo(status);
    assertThat(mapStatus(REFERENCE, GrantAccess.READ_WRITE)).isEqualTo(status);
    assertThat(domains.flags(REFERENCE)).as("untouched").isEqualTo(flags);
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 513, 4096, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, 1 << 29})
  void refusesReferencesOutsideTheTable(int reference) {
    assertThat(domains.copyFrom(reference, 0, 60)).isEqualTo(BAD_GNTREF);
    assertThat(domains.copyTo(reference, 0, 60)).isEqualTo(BAD_GNTREF);
    assertThat(mapStatus(reference, GrantAccess.READ_ONLY)).isEqualTo(BAD_GNTREF);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 4096, 0",
    "4095, 1, 0",
    "4096, 0, 0",
    "0, 0, 0",
    "0, 4097, -10",
    "4095, 2, -10",
    "4096, 1, -10",
    "65535, 65535, -10",
    "-1, 1, -10",
    "0, -1, -10",
    "2147483647, 1, -10", // offset + length wraps
    "1, 2147483647, -10",
    "-2147483648, -2147483648, -10", // the sum is 0
  })
  void copiesWithinOnePageOnly(int offset, int length, int status) {
    domains.write(REFERENCE, 1, 0, frame);
    assertThat(domains.copyFrom(REFERENCE, offset, length)).isEqualTo(status);
    assertThat(domains.copyTo(REFERENCE, offset, length)).isEqualTo(status);
  }

  @Test
  void aReadOnlyGrantIsNotWritten() {
    domains.write(REFERENCE, 1 | 4, 0, frame);
    domains.local.fill((byte) 0x77);
    assertThat(domains.copyTo(REFERENCE, 0, 60)).isEqualTo(GENERAL_ERROR);
    assertThat(mapStatus(REFERENCE, GrantAccess.READ_WRITE)).isEqualTo(GENERAL_ERROR);
    assertThat(domains.granter.memory().page(frame).toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
    assertThat(domains.copyFrom(REFERENCE, 0, 60)).isEqualTo(OKAY);
  }

  @Test
  void aDomainThatThereIsNotGrantsNothing() {
    assertThat(domains.dom0.foreignGrants().copyFrom(new DomainId(99), 8, 0, domains.local, 0, 1))
        .isEqualTo(BAD_DOMAIN);
    assertThat(domains.dom0.foreignGrants().copyTo(new DomainId(99), 8, 0, domains.local, 0, 1))
        .isEqualTo(BAD_DOMAIN);
    GrantException refused =
        catchThrowableOfType(
            GrantException.class,
            () -> domains.dom0.foreignGrants().map(new DomainId(99), 8, GrantAccess.READ_ONLY));
    assertThat(refused.status()).isEqualTo(BAD_DOMAIN);
    assertThat(refused).hasMessageContainingAll("grant 8", "dom99", "dom0");
  }

  @Test
  void anEntryRewrittenWhileMappedChangesNothing() throws GrantException {
    domains.write(REFERENCE, 1, 0, frame);
    try (MappedGrant mapped = map(REFERENCE, GrantAccess.READ_WRITE)) {
      int other = domains.granter.memory().allocate();
      domains.write(REFERENCE, 1, 6, other);
      domains.granter.memory().page(frame).set(ValueLayout.JAVA_BYTE, 0, (byte) 42);

      assertThat(mapped.page().get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 42);
      assertThat(domains.copyFrom(REFERENCE, 0, 1)).isEqualTo(OKAY);
      assertThat(domains.local.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 42);
      assertThat(domains.dom6.foreignGrants().copyFrom(GRANTER, REFERENCE, 0, domains.local, 0, 1))
          .as("in use by dom0, whatever the entry says now")
          .isEqualTo(GENERAL_ERROR);
    }
    assertThat(domains.copyFrom(REFERENCE, 0, 1)).as("now it is dom6's").isEqualTo(GENERAL_ERROR);
  }

  @Test
  void anEntryClearedWhileMappedLeavesTheCountsRight() throws GrantException {
    domains.write(REFERENCE, 1, 0, frame);
    MappedGrant first = map(REFERENCE, GrantAccess.READ_WRITE);
    domains.write(REFERENCE, 0, 0, 0);
    first.close();
    assertThat(domains.flags(REFERENCE)).isZero();
    domains.write(REFERENCE, 1, 6, frame);
    assertThat(domains.dom6.foreignGrants().copyFrom(GRANTER, REFERENCE, 0, domains.local, 0, 1))
        .isEqualTo(OKAY);
  }

  @Test
  void aBitThatTheGranterSetIsClearedAfterUse() {
    domains.write(REFERENCE, 1 | 8 | 16, 0, frame);
    assertThat(domains.copyFrom(REFERENCE, 0, 1)).isEqualTo(OKAY);
    assertThat(domains.flags(REFERENCE)).isEqualTo(1);
  }

  @Test
  void ourOwnMistakesAreThrownAndLeaveTheGrantFree() {
    int reference = domains.granter.grants().grant(DomainId.DOM0, frame, GrantAccess.READ_WRITE);
    MemorySegment tooSmall = domains.local.asSlice(0, 10);
    assertThatThrownBy(
            () -> domains.dom0.foreignGrants().copyFrom(GRANTER, reference, 0, tooSmall, 0, 11))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(domains.flags(reference)).isEqualTo(1);
    assertThat(domains.granter.grants().end(reference)).isTrue();
  }

  private MappedGrant map(int reference, GrantAccess access) throws GrantException {
    return domains.dom0.foreignGrants().map(GRANTER, reference, access);
  }

  private int mapStatus(int reference, GrantAccess access) {
    return catchThrowableOfType(GrantException.class, () -> map(reference, access)).status();
  }
}
