package org.passerelle.lab.run;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.passerelle.lab.model.AddressText;
import org.passerelle.lab.model.Settings;
import org.passerelle.lab.run.Places.Place;
import org.passerelle.lab.topology.Interface;
import org.passerelle.link.os.Programs;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.toolstack.ToolstackException;

/**
 * A guest's DHCP client: udhcpc, which asks through the guest's own interface, and is told the
 * settings that the guest then has. It changes nothing itself, neither there nor in the machine's
 * files.
 */
final class DhcpClient {
  private static final String PRINT =
      "#!/bin/sh\n[ \"$1\" != bound ] || echo \"told $ip/$mask via $router\"\n";

  private static final String TOLD = "told ";
  private static final String REQUESTS = "8";

  private final Path program;

  /**
   * @param directory where it has a program of its own
   */
  DhcpClient(Path directory) {
    this.program = directory.resolve("dhcp-client");
  }

  /** Asks; throws {@link ToolstackException} unless it is told what the interface is to have. */
  void ask(Place guest, Interface asking) throws InterruptedException {
    guest.kernel().change(asking.device(), LinkChange.builder().up(true).build());
    LinkWait.untilRunning(guest.kernel(), asking.device());
    String said = run(guest, asking.device());
    String told =
        said.lines()
            .filter(line -> line.startsWith(TOLD))
            .map(line -> line.substring(TOLD.length()))
            .findFirst()
            .orElse("nothing");
    String expected = expected(asking.settings());
    if (!told.equals(expected)) {
      throw new ToolstackException(
          asking + " was told " + told + " by DHCP, and not " + expected + ": " + said.strip());
    }
  }

  private static String expected(Settings settings) {
    return settings.addresses().getFirst().value()
        + " via "
        + AddressText.of(settings.gateways().getFirst().value());
  }

  private String run(Place guest, String device) throws InterruptedException {
    try {
      Process process = guest.namespace().call(() -> start(device));
      try {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      } finally {
        process.destroy();
        process.waitFor();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("run udhcpc: " + e.getMessage(), e);
    }
  }

  private Process start(String device) throws IOException {
    if (Files.notExists(program)) {
      Files.writeString(program, PRINT);
      Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    }
    String client = Programs.find("udhcpc").map(Path::toString).orElse("udhcpc");
    return new ProcessBuilder(
            List.of(
                client,
                "-f",
                "-n",
                "-q",
                "-T",
                "1",
                "-t",
                REQUESTS,
                "-i",
                device,
                "-s",
                program.toString()))
        .redirectErrorStream(true)
        .redirectInput(new File("/dev/null"))
        .start();
  }
}
