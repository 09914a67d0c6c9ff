package org.passerelle.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which Java a launcher starts in a checkout, whose build made a runtime of its JDK. */
class RuntimeTest {
  private static final Path LAUNCHERS = Path.of("../scripts/lib").toAbsolutePath().normalize();
  private static final String RELEASE = "JAVA_VERSION=\"25.0.3\"\n";

  @TempDir private Path directory;
  private Path top;
  private Path jdk;
  private Path runtime;

  @BeforeEach
  void isBuilt() throws IOException {
    top = directory.resolve("checkout");
    jdk = java(directory.resolve("jdk"));
    runtime = java(top.resolve("scripts/target/java"));
    Files.writeString(runtime.resolve("made-of"), jdk + " " + RELEASE);
    Files.createFile(top.resolve("pom.xml"));
    Files.writeString(
        Files.createDirectories(top.resolve("scripts/target/lib")).resolve("built"),
        "built_with='%s'\nbuilt_from=\nbuilt_jars=\n".formatted(jdk));
  }

  private static Path java(Path home) throws IOException {
    Files.createDirectories(home);
    Files.writeString(home.resolve("release"), RELEASE);
    Path java = Files.createFile(Files.createDirectory(home.resolve("bin")).resolve("java"));
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    return home;
  }

  /** What the launcher starts; empty when there is something to build. */
  private String started(String asked) throws Exception {
    return told(asked, "! recall scripts || printf %s \"$JDK\"");
  }

  /** The archive of classes that it starts from; empty when there is none for what it starts. */
  private String archive() throws Exception {
    return told("", "recall scripts; find_archive vif-bridge || :; printf %s \"$archive\"");
  }

  private String told(String asked, String question) throws Exception {
    ProcessBuilder launcher =
        new ProcessBuilder(
            "sh",
            "-euc",
            "top=$1; . \"$2/ready.sh\"; " + question,
            "launcher",
            top.toString(),
            LAUNCHERS.toString());
    launcher.environment().put("JAVA_HOME", "/nonexistent");
    launcher.environment().put("PASSERELLE_JAVA_HOME", asked);
    LabProcess.Result result = LabProcess.run(launcher);
    assertThat(result.status()).as(result.output()).isZero();
    return result.output();
  }

  @Test
  void isWhatStartsWithOrWithoutTheJdk() throws Exception {
    assertThat(started("")).isEqualTo(runtime.toString());
    assertThat(started(jdk.toString())).isEqualTo(runtime.toString());
    Files.move(jdk, directory.resolve("gone"));
    assertThat(started("")).isEqualTo(runtime.toString());
  }

  @Test
  void isMadeAnewWhenTheJdkHasBeenUpdated() throws Exception {
    Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25.0.4\"\n");
    assertThat(started("")).isEmpty();
  }

  @Test
  void givesWayToTheJavaThatIsAskedFor() throws Exception {
    assertThat(started(java(directory.resolve("another")).toString())).isEmpty();
  }

  @Test
  void startsFromItsOwnArchiveOnly() throws Exception {
    Path lib = top.resolve("scripts/target/lib");
    Path note = lib.resolve("vif-bridge.archived");
    assertThat(archive()).isEmpty();
    Files.writeString(note, "archived_for='scripts/target/java " + RELEASE.strip() + "'\n");
    assertThat(archive()).isEqualTo(lib.resolve("vif-bridge.jsa").toString());
    Files.writeString(note, "archived_for='/opt/another " + RELEASE.strip() + "'\n");
    assertThat(archive()).isEmpty();
  }
}
