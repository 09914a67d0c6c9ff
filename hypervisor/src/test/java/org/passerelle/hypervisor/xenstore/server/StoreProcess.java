package org.passerelle.hypervisor.xenstore.server;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.Optional;

/** A server in a process of its own, under some umask, which can be killed. */
final class StoreProcess implements AutoCloseable {
  private final Process process;

  private StoreProcess(Process process) {
    this.process = process;
  }

  static StoreProcess start(Path socket, String umask) throws IOException {
    String java = ProcessHandle.current().info().command().orElseThrow();
    String[] command = {
      "sh",
      "-c",
      "umask " + umask + "; exec \"$@\"",
      "sh",
      java,
      "-cp",
      System.getProperty("java.class.path"),
      StoreProcess.class.getName(),
      socket.toString()
    };
    return new StoreProcess(new ProcessBuilder(command).redirectError(Redirect.INHERIT).start());
  }

  /** Serves until its input ends. */
  public static void main(String[] words) throws IOException {
    try (StoreServer server = new StoreServer()) {
      server.listen(Path.of(words[0]));
      System.out.println("serving");
      System.in.transferTo(System.out);
    } catch (IOException e) {
      System.out.println(e.getMessage());
    }
  }

  /** What it says first: that it serves, or why it does not. */
  String says() throws IOException {
    return Optional.ofNullable(process.inputReader().readLine()).orElse("nothing");
  }

  void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    kill();
  }
}
