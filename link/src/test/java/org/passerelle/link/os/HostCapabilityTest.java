package org.passerelle.link.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.passerelle.link.testing.Needs;

class HostCapabilityTest {

  @ParameterizedTest
  @EnumSource
  void absenceHasCauseAndRemedyAndPresenceHasNone(Capability capability) {
    HostCapability found = HostCapability.of(capability);
    assertThat(found.cause().isBlank()).isEqualTo(found.present());
    assertThat(found.remedy().isBlank()).isEqualTo(found.present());
    assertThat(found).hasToString(found.toString()).asString().startsWith(capability.name());
    assertThat(HostCapability.of(capability)).isSameAs(found);
  }

  @Test
  void xenIsWhereItsDevicesAre() {
    boolean devices = Files.exists(Path.of("/dev/xen/gntdev"));
    assertThat(HostCapability.of(Capability.XEN).present()).isEqualTo(devices);
  }

  @Test
  @Needs(Capability.NET_ADMIN)
  void probesLeaveNothingBehind() {
    try (NetlinkKernel here = NetlinkKernel.open()) {
      for (Capability capability : Capability.values()) {
        CapabilityProbe.missing(capability);
      }
      assertThat(here.links()).isNotEmpty().noneMatch(link -> link.name().startsWith("probe"));
    }
  }
}
