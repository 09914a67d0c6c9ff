package org.passerelle.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.passerelle.link.os.Capability;
import org.passerelle.link.testing.Needs;
import org.passerelle.link.testing.TestNamespaces;

/**
 * {@code network-nat start} told to end at any moment, from before there is a virtual machine to
 * after its work: it says nothing but its own words, and ends as a script does.
 */
@Needs({Capability.NET_ADMIN, Capability.VETH, Capability.IPROUTE2, Capability.NFT})
class SignalMomentsTest {
  private static final int MOMENTS = 40;
  private static final String OURS = "network-nat: .*";

  @RegisterExtension final TestNamespaces namespaces = new TestNamespaces();
  @TempDir private Path directory;

  /** As a terminal does it, to all of the job, and as whoever knows the launcher alone does. */
  @ParameterizedTest
  @CsvSource({"INT, -, 130", "TERM, '', 143"})
  void itSaysItsOwnWordsOnly(String signal, String job, int code) throws InterruptedException {
    ScriptInstallation installation = ScriptInstallation.in(directory.resolve("installed"));
    try (Dom0 dom0 = new Dom0(namespaces, installation, directory.resolve("host"))) {
      dom0.wire();
      long whole = duration(dom0);
      List<String> faults = new ArrayList<>();
      for (int moment = 0; moment < MOMENTS; moment++) {
        Process process = start(dom0);
        TimeUnit.NANOSECONDS.sleep(whole * moment / (MOMENTS - 1));
        dom0.command("sh", "-c", "kill -" + signal + " -- " + job + process.pid() + " || :");
        int ended = Patience.end(process);
        String said = dom0.said();
        if (ended != 0 && ended != code || !said.lines().allMatch(line -> line.matches(OURS))) {
          faults.add(moment + ": exit code " + ended + ", " + said);
        }
      }
      assertThat(faults).isEmpty();
    }
  }

  private static Process start(Dom0 dom0) {
    String launcher = dom0.launcher("network-nat");
    return dom0.inEnvironment(
        List.of("setsid", "env", "--default-signal=INT", launcher, "start", "services=tcp:22"));
  }

  private static long duration(Dom0 dom0) {
    long begun = System.nanoTime();
    assertThat(Patience.end(start(dom0))).as(dom0.said()).isZero();
    return System.nanoTime() - begun;
  }
}
