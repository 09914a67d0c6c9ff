package org.passerelle.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.passerelle.link.os.Capability;
import org.passerelle.link.testing.Needs;

/** Plans that a user without any right asks for, where the run directory is root's. */
@Needs({Capability.OTHER_USERS, Capability.NET_ADMIN, Capability.VETH, Capability.IPROUTE2})
class OrdinaryPlanTest {
  private static final int USER = 65534;

  /** In a network of its own, in which there is an eth0. */
  private static final List<String> WITH_NIC =
      List.of("unshare", "--net", "sh", "-c", "ip link add eth0 type veth && exec \"$@\"", "sh");

  @TempDir private Path directory;
  private Installation installation;
  private OrdinaryUser user;
  private Path runDirectory;

  @BeforeEach
  void host() throws Exception {
    installation = Installation.copyTo(directory);
    user = OrdinaryUser.make(USER, directory);
    runDirectory = Files.createDirectory(directory.resolve("run"));
    Files.setPosixFilePermissions(runDirectory, PosixFilePermissions.fromString("rwx------"));
  }

  private LabProcess.Result stop(String script) throws Exception {
    return plan(script, "stop");
  }

  private LabProcess.Result plan(String script, String... words) throws Exception {
    List<String> command = new ArrayList<>(WITH_NIC);
    command.addAll(user.running(installation.script(script)));
    command.addAll(List.of(words));
    command.add("--dry-run");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("PASSERELLE_RUN_DIR", runDirectory.toString());
    return LabProcess.run(builder);
  }

  @ParameterizedTest
  @ValueSource(strings = {"network-route", "network-nat"})
  void whatOnlyRootSeesIsNotDenied(String script) throws Exception {
    LabProcess.Result stop = stop(script);
    assertThat(stop.status()).as(stop.output()).isZero();
    assertThat(stop.output())
        .contains(script + " eth0: whether it was started only root sees")
        .doesNotContain("not started")
        .doesNotContain("nothing to do");
  }

  @Test
  void whatWouldBeStartedIsSeen() throws Exception {
    LabProcess.Result start = plan("network-nat", "start");
    assertThat(start.status()).as(start.output()).isZero();
    assertThat(start.output())
        .contains(
            "what was started before only root sees: this is the plan where nothing is there yet",
            "our table of the packet filter only root sees",
            "nft create table",
            "# what leaves there leaves in dom0's name")
        .doesNotContain("EACCES");
  }

  /** Not in the packet filter's own words, which it would write by itself. */
  @Test
  void soDoesWhatTheLibraryWouldRefuse() throws Exception {
    LabProcess.Result start = plan("network-bridge", "start", "antispoof=yes");
    assertThat(start.status()).isEqualTo(1);
    assertThat(start.output().lines())
        .singleElement()
        .asString()
        .contains("antispoof=yes cannot be had", "EPERM (1, Operation not permitted)")
        .endsWith(": run it as root");
  }
}
