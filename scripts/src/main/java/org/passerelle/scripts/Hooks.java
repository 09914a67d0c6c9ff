package org.passerelle.scripts;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The host's own programs in {@code vif-post.d}: every executable {@code *.hook}, in the order of
 * their names, after a vif's work and before its success is told. One that fails is a failure of
 * the script. The originals source them; here they are run, with the same variables.
 */
final class Hooks {
  private static final String DEFAULT_DIRECTORY = "/etc/xen/scripts";

  /** For all of them: libxl gives the script 40 s, and the agent itself 20 s. */
  private static final long PATIENCE_SECONDS = 12;

  private final List<File> programs;

  private Hooks(List<File> programs) {
    this.programs = programs;
  }

  /** Those of this host; XEN_SCRIPT_DIR is where the originals are. */
  static Hooks of(Map<String, String> environment) {
    String scripts = environment.getOrDefault("XEN_SCRIPT_DIR", DEFAULT_DIRECTORY);
    File[] found = new File(scripts, "vif-post.d").listFiles(Hooks::isHook);
    if (found == null) {
      return new Hooks(List.of());
    }
    Arrays.sort(found);
    return new Hooks(List.of(found));
  }

  private static boolean isHook(File file) {
    return file.getName().endsWith(".hook") && file.isFile() && file.canExecute();
  }

  boolean isEmpty() {
    return programs.isEmpty();
  }

  /** Runs them all; throws {@link ScriptException} at the first that fails. */
  void run(Map<String, String> variables) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    programs.forEach(program -> run(program, variables, end));
  }

  private static void run(File program, Map<String, String> variables, long deadline) {
    ProcessBuilder builder =
        new ProcessBuilder(program.getPath())
            .redirectInput(Redirect.from(new File("/dev/null")))
            .redirectOutput(Redirect.INHERIT)
            .redirectError(Redirect.INHERIT);
    builder.environment().putAll(variables);
    String end = end(builder, deadline);
    if (!end.isEmpty()) {
      throw new ScriptException("the hook " + program + " " + end);
    }
  }

  /** How it failed; empty when it did not. */
  private static String end(ProcessBuilder builder, long deadline) {
    try {
      Process process = builder.start();
      if (!process.waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        process.destroyForcibly();
        return "had not ended after the " + PATIENCE_SECONDS + " s of all, and was killed";
      }
      return process.exitValue() == 0 ? "" : "failed: exit code " + process.exitValue();
    } catch (IOException e) {
      return "could not be started: " + e.getMessage();
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts a script", e);
    }
  }
}
