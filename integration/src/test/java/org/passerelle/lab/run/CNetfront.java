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
import java.util.stream.Stream;

/** The netfront in C that shares no code with us, {@code src/test/c/netfront.c}; needs gcc. */
record CNetfront(Path program) {

  static CNetfront compile(Path directory) throws IOException, InterruptedException {
    assumeTrue(hasCompiler(), "no gcc: apt-get install gcc libc6-dev");
    Path program = directory.resolve("netfront");
    Process gcc =
        new ProcessBuilder(
                "gcc", "-std=gnu11", "-O1", "-o", program.toString(), "src/test/c/netfront.c")
            .redirectErrorStream(true)
            .start();
    String output = new String(gcc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(gcc.waitFor()).as(output).isZero();
    return new CNetfront(program);
  }

  private static boolean hasCompiler() {
    return Arrays.stream(System.getenv("PATH").split(":"))
        .anyMatch(each -> Files.isExecutable(Path.of(each, "gcc")));
  }

  /** Starts it at a door; {@code how} makes it hostile once it is connected. */
  Victim start(Path door, String... how) throws IOException {
    List<String> command =
        new ArrayList<>(List.of(program.toString(), door.toString(), GuestHost.GUEST_ADDRESS));
    Stream.of(how).forEach(command::add);
    return Victim.run(command);
  }
}
