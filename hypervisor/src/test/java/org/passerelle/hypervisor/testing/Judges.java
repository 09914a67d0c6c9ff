package org.passerelle.hypervisor.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Programs of others that judge ours. Where one is missing the test is skipped and says what to
 * install; on a CI machine (environment {@code CI=true}), which can have them all, it fails.
 */
public final class Judges {
  private static final boolean CI = "true".equals(System.getenv("CI"));

  /** Seen from each module's directory. */
  private static final Path SOURCES = Path.of("..", "hypervisor", "src", "test", "c");

  private Judges() {}

  public static void need(Path program, String remedy) {
    String missing = "no " + program + ": " + remedy;
    if (CI) {
      assertThat(Files.isExecutable(program)).as(missing).isTrue();
    }
    assumeTrue(Files.isExecutable(program), missing);
  }

  /** Needs Debian's command-line clients of XenStore, and with them libxenstore. */
  public static void needClients() {
    need(Path.of("/usr/bin/xenstore-read"), "install the package xenstore-utils");
  }

  /** Compiles one of this module's C sources with gcc. */
  public static void compile(String source, Path into, String... options)
      throws IOException, InterruptedException {
    compile(SOURCES.resolve(source), into, options);
  }

  /** Compiles a C source with gcc. */
  public static void compile(Path source, Path into, String... options)
      throws IOException, InterruptedException {
    need(Path.of("/usr/bin/gcc"), "install the packages gcc and libc6-dev");
    List<String> command = new ArrayList<>(List.of("gcc", "-O1", "-o", into.toString()));
    command.add(source.toString());
    command.addAll(List.of(options));
    Process gcc = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(gcc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(gcc.waitFor()).as(output).isZero();
  }
}
