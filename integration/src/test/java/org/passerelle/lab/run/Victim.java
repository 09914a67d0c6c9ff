package org.passerelle.lab.run;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A process that is made to be killed; it says line by line how far it is. */
final class Victim implements AutoCloseable {
  private final Process process;
  private final BufferedReader output;

  private Victim(Process process) {
    this.process = process;
    this.output = process.inputReader();
  }

  static Victim run(List<String> command) throws IOException {
    return new Victim(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /** A virtual machine as this one, made to start fast. */
  static Victim java(String main, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                classPath(),
                main));
    command.addAll(List.of(arguments));
    return run(command);
  }

  private static String classPath() {
    return String.join(
        File.pathSeparator,
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(entry -> Path.of(entry).toAbsolutePath().toString())
            .toList());
  }

  /** Waits for a line that holds this text. */
  void await(String text) throws IOException {
    List<String> said = new ArrayList<>();
    while (true) {
      String line = output.readLine();
      if (line == null) {
        throw new AssertionError("ended before it said " + text + ": " + said);
      }
      said.add(line);
      if (line.contains(text)) {
        return;
      }
    }
  }

  void tell(String line) throws IOException {
    process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
  }

  long pid() {
    return process.pid();
  }

  /** SIGKILL, and its end. */
  @Override
  public void close() {
    process.destroyForcibly();
    try (output) {
      process.waitFor();
      process.getOutputStream().close();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    } catch (IOException e) {
      // It was never written to.
    }
  }
}
