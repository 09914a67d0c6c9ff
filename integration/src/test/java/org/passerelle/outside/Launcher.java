package org.passerelle.outside;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.passerelle.link.os.Namespace;

/** Starts the scripts as a toolstack does: by their launchers' paths, in dom0's namespace. */
final class Launcher {
  private static final Path DIRECTORY =
      Path.of("..", "scripts", "bin").toAbsolutePath().normalize();

  private final Namespace dom0;
  private final Path output;
  private final Map<String, String> environment;

  /**
   * @param output the file that gets what the scripts print
   */
  Launcher(Namespace dom0, Path output, Map<String, String> environment) {
    this.dom0 = dom0;
    this.output = output;
    this.environment = environment;
  }

  Process start(String script, Map<String, String> more, String... arguments) {
    List<String> command = new ArrayList<>(List.of(DIRECTORY.resolve(script).toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
    builder.environment().putAll(environment);
    builder.environment().putAll(more);
    return dom0.call(builder::start);
  }

  /** Returns the exit code. */
  int run(String script, String... arguments) throws IOException, InterruptedException {
    Process process = start(script, Map.of(), arguments);
    process.getOutputStream().close();
    return process.waitFor();
  }
}
