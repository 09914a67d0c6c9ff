package org.passerelle.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code scripts/install}, from what was built to a directory of a host. */
class InstallTest {
  private static final Path CHECKOUT = Path.of("..").toAbsolutePath().normalize();
  private static final List<String> TEXTS =
      List.of(
          "README.md",
          "CHANGELOG.md",
          "scripts/DEVIATIONS.md",
          "scripts/passerelle-agent.service",
          "scripts/passerelle-agent-dhcp.conf",
          "scripts/install");

  @TempDir private Path directory;
  private Path built;
  private Path target;

  /** As the checkout, with all modules built: which they are not yet while tests run. */
  @BeforeEach
  void allIsBuilt() throws Exception {
    built = directory.resolve("built");
    ScriptInstallation.in(built);
    Installation.putJars(built);
    for (String text : TEXTS) {
      Files.copy(CHECKOUT.resolve(text), built.resolve(text), StandardCopyOption.COPY_ATTRIBUTES);
    }
    target = Files.createDirectory(directory.resolve("opt")).resolve("passerelle");
  }

  private ProcessBuilder installer() {
    return new ProcessBuilder(built.resolve("scripts/install").toString(), target.toString());
  }

  private void install() throws Exception {
    LabProcess.Result result = LabProcess.run(installer());
    assertThat(result.status()).as(result.output()).isZero();
  }

  private LabProcess.Result installed(String launcher, String word) throws Exception {
    return run(
        new ProcessBuilder(target.resolve("scripts/bin").resolve(launcher).toString(), word));
  }

  private LabProcess.Result run(ProcessBuilder builder) throws Exception {
    builder.environment().put("PASSERELLE_RUN_DIR", directory.resolve("run").toString());
    return LabProcess.run(builder);
  }

  private void works() throws Exception {
    LabProcess.Result help = installed("vif-bridge", "--help");
    assertThat(help.output()).startsWith("usage: vif-bridge ");
    assertThat(help.status()).isZero();
  }

  private List<Path> versions() throws IOException {
    try (Stream<Path> files = Files.list(target.getParent())) {
      return files.filter(file -> !Files.isSymbolicLink(file)).toList();
    }
  }

  @Test
  void hasAllThatAHostNeeds() throws Exception {
    install();
    works();
    assertThat(installed("passerelle", "--version").output()).startsWith("passerelle ");
    assertThat(target.resolve("scripts/passerelle-agent.service"))
        .content()
        .contains("ExecStart=" + target + "/scripts/bin/passerelle agent");
    assertThat(target.resolve("pom.xml")).doesNotExist();
  }

  /** On a host without Java, or with another one in the environment; and it starts as fast. */
  @Test
  void bringsTheRuntimeThatItStartsFrom() throws Exception {
    install();
    assertThat(target.resolve("scripts/target/java")).isDirectory();
    assertThat(Files.isSymbolicLink(target.resolve("scripts/target/java"))).isFalse();
    for (String launcher : List.of("vif-bridge", "passerelle")) {
      Path installed = target.resolve("scripts/bin").resolve(launcher);
      ProcessBuilder traced = new ProcessBuilder("sh", "-x", installed.toString(), "--help");
      traced.environment().put("JAVA_HOME", "/nonexistent");
      traced.environment().remove("PASSERELLE_JAVA_HOME");
      String started =
          run(traced).output().lines().filter(line -> line.startsWith("+ exec ")).findFirst().get();
      assertThat(started).matches("\\+ exec +'?" + target + ".*/scripts/target/java/bin/java.*");
      assertThat(started.contains("-XX:SharedArchiveFile=" + target))
          .isEqualTo(launcher.equals("vif-bridge"));
    }
  }

  /** Another Java runtime will do too. */
  @Test
  void needsNoCompiler() throws Exception {
    install();
    Path jdk = Path.of(System.getProperty("java.home"));
    Path runtime = Files.createDirectories(directory.resolve("runtime"));
    Files.createSymbolicLink(runtime.resolve("release"), jdk.resolve("release"));
    Path ran = directory.resolve("ran");
    Path java = Files.createDirectory(runtime.resolve("bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\ntouch %s\nexec %s/bin/java \"$@\"\n".formatted(ran, jdk));
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    ProcessBuilder builder =
        new ProcessBuilder(target.resolve("scripts/bin/vif-bridge").toString(), "--help");
    builder.environment().put("PASSERELLE_JAVA_HOME", runtime.toString());
    assertThat(run(builder).output()).startsWith("usage: vif-bridge ");
    assertThat(ran).exists();
  }

  @Test
  void takesAnEarlierOnesPlaceBetweenTwoCalls() throws Exception {
    install();
    Path stale = Files.createFile(target.resolve("scripts/lib/of-an-earlier-version"));
    Process next = installer().redirectErrorStream(true).start();
    do {
      works();
    } while (next.isAlive());
    assertThat(next.waitFor()).isZero();
    works();
    assertThat(stale).doesNotExist();
  }

  /** Killed at any moment it leaves the one or the other, whole; and the next one cleans. */
  @Test
  void isWholeHoweverItEnds() throws Exception {
    install();
    for (int delay = 0; delay < 1280; delay += 80) {
      Process killed = installer().start();
      Thread.sleep(delay);
      killed.destroyForcibly().waitFor();
      assertThat(target.resolve("scripts/target/lib/built")).exists();
    }
    works();
    install();
    works();
    assertThat(versions()).as("this one and the one before").hasSize(2);
  }

  /** What is resident goes on with its own version until somebody starts it anew. */
  @Test
  void leavesWhatRunsItsRuntime() throws Exception {
    install();
    Path first = target.toRealPath();
    Process resident =
        new ProcessBuilder(
                first.resolve("scripts/target/java/bin/java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Resident.class.getName())
            .start();
    assertThat(resident.getInputStream().read()).isEqualTo('.');
    try {
      install();
      install();
      assertThat(versions()).hasSize(3).contains(first);
    } finally {
      resident.destroyForcibly().waitFor();
    }
    install();
    assertThat(versions()).hasSize(2).doesNotContain(first);
  }

  /** Is there until it is ended. */
  static final class Resident {
    public static void main(String[] words) throws InterruptedException {
      System.out.print('.');
      System.out.flush();
      Thread.currentThread().join();
    }
  }

  @Test
  void touchesNothingThatIsNotItsOwn() throws Exception {
    Path somebodys = Files.createFile(Files.createDirectory(target).resolve("file"));
    LabProcess.Result refused = LabProcess.run(installer());
    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.output()).contains(target + " is there and is not of an earlier");
    assertThat(somebodys).exists();
    assertThat(versions()).containsExactly(target);
  }
}
