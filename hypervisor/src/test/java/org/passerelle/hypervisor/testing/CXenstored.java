package org.passerelle.hypervisor.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Xen's C xenstored, run without Xen by {@code src/test/c/xenstored-without-xen.c}. Needs gcc and
 * the package xen-utils-4.17 (or another; {@code PASSERELLE_XENSTORED} may name the program).
 */
public final class CXenstored implements AutoCloseable {
  private final Process process;
  private final Path socket;

  private CXenstored(Process process, Path socket) {
    this.process = process;
    this.socket = socket;
  }

  /**
   * @param directory its run directory
   * @param options of its command line
   */
  public static CXenstored start(Path directory, String... options)
      throws IOException, InterruptedException {
    Path program = program();
    Judges.need(program, "install xen-utils-4.17 or set PASSERELLE_XENSTORED");
    Path shim = directory.resolve("without-xen.so");
    Judges.compile("xenstored-without-xen.c", shim, "-shared", "-fPIC", "-ldl");
    Path socket = directory.resolve("c-socket");
    List<String> command =
        new ArrayList<>(List.of(program.toString(), "-N", "--pid-file", directory + "/pid"));
    command.addAll(List.of(options));
    ProcessBuilder builder =
        new ProcessBuilder(command)
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

  private void awaitSocket(Path directory) throws IOException, InterruptedException {
    for (int i = 0; i < 200 && process.isAlive() && !Files.exists(socket); i++) {
      Thread.sleep(50);
    }
    assertThat(socket).as(Files.readString(directory.resolve("c-log"))).exists();
  }

  public Path socket() {
    return socket;
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
