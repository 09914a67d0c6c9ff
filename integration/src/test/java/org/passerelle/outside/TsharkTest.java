package org.passerelle.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.passerelle.link.os.Capability;
import org.passerelle.link.testing.Needs;

/** What tshark sees on the wire: the domU's frames, with the domU's own MAC. */
@Needs({
  Capability.NET_ADMIN,
  Capability.TAP,
  Capability.LIBPCAP,
  Capability.IPROUTE2,
  Capability.TSHARK
})
class TsharkTest {
  private static final String LAB =
      """
      lab: %s
      network-script: network-bridge
      vif-script: vif-bridge
      host:
        nics:
          eth0: {address: [192.0.2.10/24]}
      domains:
        web:
          vif: ["bridge=xenbr0, mac=00:16:3e:00:01:01"]
          eth0: {address: [192.0.2.11/24]}
      outside:
        gw: {mac: 52:54:00:00:00:01, address: [192.0.2.1/24]}
      checks:
        - ping: {from: web, to: gw, count: 600}
        - capture:
            at: wire
            during: {ping: web -> gw}
            filter: icmp
            expect: {frames: ">= 2", ether-src: [web, gw]}
      """;

  @TempDir private Path directory;

  @Test
  void seesADomainsFramesWithItsOwnMac() throws Exception {
    String name = "tshark-" + ProcessHandle.current().pid();
    try (LabProcess lab = LabProcess.start(directory, name, LAB.formatted(name))) {
      lab.awaitConnected(1);

      LabProcess.Result live =
          lab.inNamespaceOf("192.0.2.1", fields("-i", "eth0", "-c", "10", "-a", "duration:8"));

      assertThat(lab.await(Duration.ofSeconds(60))).as(lab.errors()).isZero();
      assertFrames(live.output());
      Path file = directory.resolve("captures").resolve(name).resolve("02-wire.pcapng");
      assertFrames(LabProcess.run(new ProcessBuilder(fields("-r", file.toString()))).output());
    }
  }

  private static String[] fields(String... source) {
    String[] command = new String[source.length + 8];
    command[0] = "tshark";
    System.arraycopy(source, 0, command, 1, source.length);
    String[] rest = {"-Y", "icmp", "-T", "fields", "-e", "eth.src", "-e", "eth.dst"};
    System.arraycopy(rest, 0, command, 1 + source.length, rest.length);
    return command;
  }

  private static void assertFrames(String output) {
    assertThat(output)
        .contains("00:16:3e:00:01:01\t52:54:00:00:00:01")
        .contains("52:54:00:00:00:01\t00:16:3e:00:01:01");
  }
}
