package org.passerelle.link.os;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Assumptions;

/**
 * A thread in a network namespace of its own, which goes with it. What it opens, and the programs
 * that it starts, are there.
 */
final class NamespaceThread implements AutoCloseable {
  private static final int CLONE_NEWNET = 0x4000_0000;

  // int unshare(int flags);
  private static final MethodHandle UNSHARE =
      NativeIo.function("unshare", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());

  NamespaceThread() throws Exception {
    Assumptions.assumeTrue(
        Files.isWritable(Path.of("/dev/net/tun")), "needs root and /dev/net/tun");
    call(NamespaceThread::unshare);
  }

  private static int unshare() {
    try {
      int result = (int) UNSHARE.invokeExact(NativeIo.state(), CLONE_NEWNET);
      if (result != 0) {
        throw new IllegalStateException("unshare(CLONE_NEWNET) returned " + result);
      }
      return result;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** Runs a task there; what it throws comes out of here. */
  <T> T call(Callable<T> task) throws Exception {
    try {
      return thread.submit(task).get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  /** Runs a shell command there, and returns what it says; fails when it fails. */
  String sh(String command) throws Exception {
    return call(() -> output(command));
  }

  private static String output(String command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder("sh", "-ec", command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int exit = process.waitFor();
    if (exit != 0) {
      throw new IllegalStateException(command + ": exit " + exit + ": " + output);
    }
    return output;
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
