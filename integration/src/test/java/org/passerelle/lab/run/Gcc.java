package org.passerelle.lab.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The C compiler, for what tests have in C; without it they are skipped. */
public final class Gcc {
  private Gcc() {}

  /** Compiles a source file of the tests. */
  public static void compile(String source, Path into, String... options)
      throws IOException, InterruptedException {
    assumeTrue(isThere(), "no gcc: apt-get install gcc libc6-dev");
    List<String> command = new ArrayList<>(List.of("gcc", "-std=gnu11", "-O1"));
    command.addAll(List.of(options));
    command.addAll(List.of("-o", into.toString(), source));
    Process gcc = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(gcc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(gcc.waitFor()).as(output).isZero();
  }

  private static boolean isThere() {
    return Arrays.stream(System.getenv("PATH").split(":"))
        .anyMatch(each -> Files.isExecutable(Path.of(each, "gcc")));
  }
}
