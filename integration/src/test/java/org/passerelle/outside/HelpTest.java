package org.passerelle.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.passerelle.link.os.Capability;
import org.passerelle.link.testing.Needs;
import org.passerelle.scripts.ScriptName;

/** {@code --help} by the launchers, which leaves nothing behind. */
class HelpTest {
  private static final int USER = 65534;

  @TempDir private Path directory;
  private ScriptInstallation installation;

  @BeforeEach
  void installed() throws Exception {
    Installation.openForAll(directory);
    installation = ScriptInstallation.in(directory.resolve("installed"));
  }

  private LabProcess.Result run(List<String> command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("PASSERELLE_RUN_DIR", directory.resolve("run").toString());
    return LabProcess.run(builder);
  }

  private void isUsage(LabProcess.Result help, ScriptName script) {
    assertThat(help.status()).as(help.output()).isZero();
    assertThat(help.output()).startsWith("usage: " + script + " ");
    assertThat(directory.resolve("run")).doesNotExist();
  }

  @ParameterizedTest
  @EnumSource(ScriptName.class)
  void isPrinted(ScriptName script) throws Exception {
    isUsage(run(List.of(installation.launcher(script.toString()), "--help")), script);
  }

  @Test
  @Needs(Capability.OTHER_USERS)
  void anybodyMayAsk() throws Exception {
    OrdinaryUser user = OrdinaryUser.make(USER, directory);
    for (ScriptName script : List.of(ScriptName.VIF_NAT, ScriptName.NETWORK_NAT)) {
      List<String> words = List.of(installation.launcher(script.toString()), "-h");
      isUsage(run(user.running(words)), script);
    }
  }
}
