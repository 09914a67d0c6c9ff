package org.passerelle.hypervisor.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.passerelle.hypervisor.embedded.TwoDomains.GRANTER;
import static org.passerelle.hypervisor.memory.GrantAccess.READ_ONLY;
import static org.passerelle.hypervisor.memory.GrantAccess.READ_WRITE;
import static org.passerelle.hypervisor.memory.GrantStatus.BAD_DOMAIN;
import static org.passerelle.hypervisor.memory.GrantStatus.OKAY;

import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.memory.ForeignGrants.MappedGrant;
import org.passerelle.hypervisor.memory.GrantException;

class GrantRulesTest {
  private static final int READING = 8;
  private static final int WRITING = 16;
  private final TwoDomains domains = new TwoDomains();
  private final int frame = domains.granter.memory().allocate();

  @AfterEach
  void close() {
    domains.close();
  }

  @Test
  void theFirstReferenceIsTheFirstThatIsNotReserved() {
    assertThat(grant()).isEqualTo(8);
    assertThat(domains.flags(8)).isEqualTo(1);
  }

  @Test
  void copiesBothWaysAtAnyOffset() {
    int reference = grant();
    for (int i = 0; i < 4096; i++) {
      domains.granter.memory().page(frame).set(ValueLayout.JAVA_BYTE, i, (byte) (i * 7));
    }
    assertThat(
            domains.dom0.foreignGrants().copyFrom(GRANTER, reference, 1000, domains.local, 9, 60))
        .isEqualTo(OKAY);
    assertThat(domains.local.get(ValueLayout.JAVA_BYTE, 9)).isEqualTo((byte) (1000 * 7));
    assertThat(domains.local.get(ValueLayout.JAVA_BYTE, 68)).isEqualTo((byte) (1059 * 7));
    assertThat(domains.local.get(ValueLayout.JAVA_BYTE, 8)).isZero();
    assertThat(domains.local.get(ValueLayout.JAVA_BYTE, 69)).isZero();

    assertThat(domains.dom0.foreignGrants().copyTo(GRANTER, reference, 0, domains.local, 9, 60))
        .isEqualTo(OKAY);
    assertThat(domains.granter.memory().page(frame).get(ValueLayout.JAVA_BYTE, 59))
        .isEqualTo((byte) (1059 * 7));
    assertThat(domains.granter.memory().page(frame).get(ValueLayout.JAVA_BYTE, 60))
        .isEqualTo((byte) (60 * 7));
  }

  @Test
  void cannotBeEndedUntilTheLastMappingIsGone() throws GrantException {
    int reference = grant();
    MappedGrant first = domains.dom0.foreignGrants().map(GRANTER, reference, READ_WRITE);
    MappedGrant second = domains.dom0.foreignGrants().map(GRANTER, reference, READ_ONLY);
    assertThat(domains.flags(reference)).isEqualTo(1 | READING | WRITING);
    first.close();
    first.close();
    assertThat(domains.flags(reference)).isEqualTo(1 | READING);
    assertThat(domains.granter.grants().end(reference)).isFalse();
    second.close();
    assertThat(domains.flags(reference)).isEqualTo(1);
    assertThat(domains.granter.grants().end(reference)).isTrue();
    assertThat(domains.flags(reference)).isZero();
  }

  @Test
  void aMappingIsThePageItself() throws GrantException {
    int reference = grant();
    try (MappedGrant mapped = domains.dom0.foreignGrants().map(GRANTER, reference, READ_WRITE)) {
      assertThat(mapped.page().byteSize()).isEqualTo(4096);
      mapped.page().set(ValueLayout.JAVA_INT, 4092, 0x12345678);
      assertThat(domains.granter.memory().page(frame).get(ValueLayout.JAVA_INT, 4092))
          .isEqualTo(0x12345678);
    }
  }

  @Test
  void aReadOnlyMappingCannotBeWritten() throws GrantException {
    int reference = domains.granter.grants().grant(DomainId.DOM0, frame, READ_ONLY);
    try (MappedGrant mapped = domains.dom0.foreignGrants().map(GRANTER, reference, READ_ONLY)) {
      assertThatThrownBy(() -> mapped.page().set(ValueLayout.JAVA_BYTE, 0, (byte) 1))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void whatIsMappedStaysReadableWhenTheGranterEnds() throws GrantException {
    int reference = grant();
    MappedGrant mapped = domains.dom0.foreignGrants().map(GRANTER, reference, READ_WRITE);
    domains.granter.memory().page(frame).set(ValueLayout.JAVA_INT, 0, 77);
    domains.destroy(domains.granter);

    assertThat(mapped.page().get(ValueLayout.JAVA_INT, 0)).isEqualTo(77);
    assertThat(domains.copyFrom(reference, 0, 1)).isEqualTo(BAD_DOMAIN);
    assertThat(domains.granter.active().copyFrom(0, reference, 0, domains.local, 0, 1))
        .as("found just before it went")
        .isEqualTo(BAD_DOMAIN);
    mapped.close();
    assertThatThrownBy(() -> mapped.page().get(ValueLayout.JAVA_INT, 0))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void whoeverEndsHoldsNoGrantAnyMore() throws GrantException {
    int reference = domains.granter.grants().grant(new DomainId(6), frame, READ_WRITE);
    MappedGrant mapped = domains.dom6.foreignGrants().map(GRANTER, reference, READ_WRITE);
    assertThat(domains.granter.grants().end(reference)).isFalse();
    domains.destroy(domains.dom6);
    assertThat(domains.granter.grants().end(reference)).isTrue();
    assertThatThrownBy(() -> mapped.page().get(ValueLayout.JAVA_INT, 0))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void endsOnlyWhatIsGranted() {
    int reference = grant();
    assertThat(domains.granter.grants().end(reference)).isTrue();
    for (int wrong : new int[] {reference, 0, 7, -1, 512, Integer.MAX_VALUE}) {
      assertThatThrownBy(() -> domains.granter.grants().end(wrong))
          .as("%d", wrong)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void grantsPagesOnlyAndNoMoreThanTheTableHolds() {
    for (int wrong : new int[] {0, 17, -1}) {
      assertThatThrownBy(() -> domains.granter.grants().grant(DomainId.DOM0, wrong, READ_ONLY))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("1..16");
    }
    for (int i = 8; i < 512; i++) {
      assertThat(grant()).isEqualTo(i);
    }
    assertThatThrownBy(this::grant)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("all 504 grant entries");
  }

  private int grant() {
    return domains.granter.grants().grant(DomainId.DOM0, frame, READ_WRITE);
  }
}
