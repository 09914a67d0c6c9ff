package org.passerelle.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.passerelle.link.fake.FakeKernel;
import org.passerelle.link.wire.MacAddress;

/** A file that cannot be had is told of as all else: operation and errno, not Java's classes. */
class FailuresTest {
  @TempDir private Path runDirectory;

  @ParameterizedTest
  @CsvSource({"settings, keep the settings in", "journal, make the journal"})
  void ofFilesAreToldWithoutJavasWords(String taken, String operation) throws IOException {
    Files.createFile(runDirectory.resolve(taken));
    FakeKernel kernel = new FakeKernel();
    kernel.plug("eth0", MacAddress.parse("00:16:3e:00:00:01"));
    ScriptRun script = new ScriptRun(new NetworkRoute(), kernel, runDirectory);
    assertThat(script.run("start")).isEqualTo(1);
    assertThat(script.err())
        .singleElement()
        .asString()
        .contains(operation + " " + runDirectory.resolve(taken), "EEXIST (17, File exists)")
        .doesNotContain("Exception");
  }
}
