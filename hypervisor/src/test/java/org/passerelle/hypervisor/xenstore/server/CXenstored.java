package org.passerelle.hypervisor.xenstore.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Xen's C xenstored, run without Xen by {@code src/test/c/xenstored-without-xen.c}. Needs gcc and
 * the package xen-utils-4.17 (or another; {@code PASSERELLE_XENSTORED} may name the program).
 */
final class CXenstored implements AutoCloseable {
  private final Process process;
  private final Path socket;

  private CXenstored(Process process, Path socket) {
    this.process = process;
    this.socket = socket;
  }

  static CXenstored start(Path directory) throws IOException, InterruptedException {
    Path program = program();
    assumeTrue(
        Files.isExecutable(program),
        "no C xenstored at " + program + ": install xen-utils-4.17 or set PASSERELLE_XENSTORED");
    Path shim = directory.resolve("without-xen.so");
    compile(shim);
    Path socket = directory.resolve("c-socket");
    ProcessBuilder builder =
        new ProcessBuilder(program.toString(), "-N", "--pid-file", directory + "/pid")
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("c-log").toFile());
    builder.environment().put("LD_PRELOAD", shim.toString());
    builder.environment().put("XENSTORED_RUNDIR", directory.toString());
    builder.environment().put("XENSTORED_ROOTDIR", directory.toString());
    builder.environment().put("XENSTORED_PATH", socket.toString());
    CXenstored started = new CXenstored(builder.start(), socket);
    started.awaitSocket(directory);
    return started;
  }

  private static Path program() throws IOException {
    String named = System.getenv("PASSERELLE_XENSTORED");
    if (named != null) {
      return Path.of(named);
    }
    Path none = Path.of("/usr/lib/xen-4.17/bin/xenstored");
    try (Stream<Path> libraries = Files.list(Path.of("/usr/lib"))) {
      return libraries
          .filter(path -> path.getFileName().toString().startsWith("xen-"))
          .map(path -> path.resolve("bin/xenstored"))
          .filter(Files::isExecutable)
          .findFirst()
          .orElse(none);
    }
  }

  private static void compile(Path shim) throws IOException, InterruptedException {
    List<String> command =
        List.of(
            "gcc",
            "-shared",
            "-fPIC",
            "-O1",
            "-o",
            shim.toString(),
            "src/test/c/xenstored-without-xen.c",
            "-ldl");
    Process gcc = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(gcc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(gcc.waitFor()).as(output).isZero();
  }

  private void awaitSocket(Path directory) throws IOException, InterruptedException {
    for (int i = 0; i < 100 && process.isAlive() && !Files.exists(socket); i++) {
      Thread.sleep(50);
    }
    assertThat(socket).as(Files.readString(directory.resolve("c-log"))).exists();
  }

  Path socket() {
    return socket;
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
