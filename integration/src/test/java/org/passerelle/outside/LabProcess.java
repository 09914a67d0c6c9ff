package org.passerelle.outside;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.passerelle.lab.run.RunDirectory;

/**
 * A lab run in a process of its own, as the launcher starts one, and what can be done to it from
 * outside.
 */
final class LabProcess implements AutoCloseable {
  private final String name;
  private final Path runDirectory;
  private final Process process;
  private final Path output;
  private final Path errors;

  private LabProcess(String name, Path runDirectory, Process process, Path output, Path errors) {
    this.name = name;
    this.runDirectory = runDirectory;
    this.process = process;
    this.output = output;
    this.errors = errors;
  }

  /**
   * Starts {@code lab run --report json}; {@code directory} gets the file, the captures and the
   * output.
   */
  static LabProcess start(Path directory, String name, String yaml, String... options)
      throws IOException {
    return start(directory, RunDirectory.base().resolve(name), name, yaml, passerelle(), options);
  }

  /** The same with a library preloaded, which stands before the C library. */
  static LabProcess preloaded(
      Path library, Path directory, String name, String yaml, String... options)
      throws IOException {
    List<String> command = new ArrayList<>(List.of("env", "LD_PRELOAD=" + library));
    command.addAll(passerelle());
    return start(directory, RunDirectory.base().resolve(name), name, yaml, command, options);
  }

  private static List<String> passerelle() {
    return List.of(
        "unshare",
        "--net",
        "--",
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        "-cp",
        absoluteClassPath(),
        "org.passerelle.cli.Main");
  }

  /** The same by another command than the tests' own. */
  static LabProcess start(
      Path directory,
      Path runDirectory,
      String name,
      String yaml,
      List<String> passerelle,
      String... options)
      throws IOException {
    Path file = Files.writeString(directory.resolve(name + ".yaml"), yaml);
    Path output = directory.resolve(name + ".out");
    Path errors = directory.resolve(name + ".err");
    List<String> command = new ArrayList<>(passerelle);
    command.addAll(List.of("lab", "run", file.toString(), "--report", "json"));
    command.addAll(List.of(options));
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile())
            .start();
    return new LabProcess(name, runDirectory, process, output, errors);
  }

  private static String absoluteClassPath() {
    return String.join(
        File.pathSeparator,
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(entry -> Path.of(entry).toAbsolutePath().toString())
            .toList());
  }

  long pid() {
    return process.pid();
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  /** The processes of its guests, where it was asked for them. */
  List<ProcessHandle> guests() {
    return process.descendants().toList();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  Path runDirectory() {
    return runDirectory;
  }

  /** The socket that XenStore's clients know as XENSTORED_PATH. */
  Path storeSocket() {
    return runDirectory().resolve("xenstored/socket");
  }

  /** What Debian's client reads; empty when there is no such node, or no store. */
  Optional<String> store(String path) throws IOException, InterruptedException {
    ProcessBuilder client = new ProcessBuilder("xenstore-read", path);
    client.environment().put("XENSTORED_PATH", storeSocket().toString());
    Result result = run(client);
    return result.status() == 0 ? Optional.of(result.output().strip()) : Optional.empty();
  }

  /** Waits until the first domain's vif is connected, and a little more. */
  void awaitTraffic() throws IOException, InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (store("/local/domain/0/backend/vif/1/0/state").filter("4"::equals).isEmpty()) {
      if (System.nanoTime() - end > 0 || !isAlive()) {
        throw new AssertionError("never connected: " + errors());
      }
      Thread.sleep(100);
    }
    Thread.sleep(300);
  }

  /** Runs a program in the namespace that has a device with this address, found by `ip` itself. */
  Result inNamespaceOf(String address, String... command) throws IOException, InterruptedException {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + pid() + "/fd"))) {
      for (Path descriptor : descriptors.filter(LabProcess::isNamespace).toList()) {
        List<String> enter = List.of("nsenter", "--net=" + descriptor, "--");
        List<String> ask = new ArrayList<>(enter);
        ask.addAll(List.of("ip", "-brief", "address"));
        if (run(new ProcessBuilder(ask)).output().contains(" " + address + "/")) {
          List<String> all = new ArrayList<>(enter);
          all.addAll(List.of(command));
          return run(new ProcessBuilder(all));
        }
      }
    }
    throw new IOException("no namespace of " + name + " has " + address);
  }

  private static boolean isNamespace(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().startsWith("net:[");
    } catch (IOException e) {
      return false; // closed meanwhile
    }
  }

  void signal(String name) throws IOException, InterruptedException {
    run(new ProcessBuilder("kill", "-" + name, Long.toString(pid())));
  }

  /** Ends it as nothing but SIGKILL does. */
  void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  /** Waits for its end; returns its exit code. */
  int await(Duration most) throws InterruptedException {
    if (!process.waitFor(most.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("the lab did not end within " + most);
    }
    return process.exitValue();
  }

  String output() throws IOException {
    return Files.readString(output);
  }

  String errors() throws IOException {
    return Files.readString(errors);
  }

  /** What a program said, standard error included, and its exit status. */
  record Result(int status, String output) {}

  static Result run(ProcessBuilder builder) throws IOException, InterruptedException {
    Process process = builder.redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Result(process.waitFor(), output);
  }

  @Override
  public void close() {
    kill();
  }
}
