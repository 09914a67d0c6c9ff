package org.passerelle.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.passerelle.lab.run.GuestRunner;
import org.passerelle.link.os.Namespace;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code passerelle guest DOOR}. */
@Command(
    name = "guest",
    description =
        "Runs a domain's netfronts in this process: enters at the domain's door, and gives the"
            + " domain an interface for each of its vifs.",
    mixinStandardHelpOptions = true)
final class GuestCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "DOOR",
      description = "The domain's door, a socket in its host's run directory: door/<domain>.")
  private Path door;

  @Option(
      names = "--namespace",
      paramLabel = "FILE",
      description =
          "The network namespace that gets the interfaces, such as /run/netns/web; default: the"
              + " one that this runs in.")
  private String namespace;

  @Option(
      names = "--once",
      description = "End with the host, instead of waiting for another one at the same door.")
  private boolean once;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    try (Namespace place = namespace == null ? Namespace.current() : Namespace.at(namespace)) {
      GuestRunner runner = new GuestRunner(door, place, this::say);
      if (once) {
        runner.runOnce();
      } else {
        runner.runForEver();
      }
      return ExitCode.OK;
    }
  }

  private void say(String line) {
    spec.commandLine().getOut().println(line);
    spec.commandLine().getOut().flush();
  }
}
