package org.passerelle.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.passerelle.hypervisor.testing.Judges;
import org.passerelle.link.os.Capability;
import org.passerelle.link.testing.Needs;

/** A lab on a host whose kernel has no bridge, or so it is made to say. */
@Needs({
  Capability.NET_ADMIN,
  Capability.VETH,
  Capability.PACKET_SOCKET,
  Capability.INGRESS_DROP,
  Capability.LIBPCAP
})
@Timeout(120)
class WithoutBridgeTest {
  private static final String LAB =
      LabText.TWO_DOMAINS
          + """
          checks:
            - ping: {from: web, to: db}
            - tcp: {from: gw, to: web}
            - capture: {at: dom0/xenbr0, during: {ping: web -> db}, filter: icmp, expect: {frames: 4}}
            - do: detach db/vif0
            - do: attach db/vif0
            - ping: {from: gw, to: db}
          """;

  @TempDir private Path directory;
  private final String name = "bridgeless-" + ProcessHandle.current().pid();
  private Path library;

  @BeforeEach
  void library() throws Exception {
    library = directory.resolve("without_bridge.so");
    Judges.compile(Path.of("src/test/c/without_bridge.c"), library, "-shared", "-fPIC");
  }

  @Test
  void bridgesInUserSpaceByItself() throws Exception {
    String yaml = LAB.formatted(name);
    try (LabProcess lab = LabProcess.preloaded(library, directory, name, yaml)) {
      assertThat(lab.await(Duration.ofSeconds(90))).as(lab.errors()).isZero();
      assertThat(lab.output()).contains("\"switching\" : \"userspace\"").contains("\"passed\" : 6");
      assertThat(lab.runDirectory()).doesNotExist();
    }
  }

  @Test
  void saysWhatIsMissingWhenTheKernelsBridgeIsAskedFor() throws Exception {
    String yaml = LAB.formatted(name);
    try (LabProcess lab =
        LabProcess.preloaded(library, directory, name, yaml, "--switching", "kernel")) {
      assertThat(lab.await(Duration.ofSeconds(60))).isEqualTo(4);
      assertThat(lab.errors())
          .contains(
              "this host lacks BRIDGE (the kernel's bridge): create probe type bridge: EOPNOTSUPP")
          .contains("modprobe bridge");
    }
  }
}
