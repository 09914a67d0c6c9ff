package org.passerelle.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.passerelle.lab.run.RunDirectory;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code passerelle lab gc}. */
@Command(
    name = "gc",
    description = "Removes what labs that were killed have left.",
    mixinStandardHelpOptions = true)
final class GcCommand implements Callable<Integer> {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public Integer call() {
    Path base = RunDirectory.base();
    PrintWriter out = spec.commandLine().getOut();
    try {
      List<String> removed = RunDirectory.collect(base);
      removed.forEach(name -> out.println("removed " + base.resolve(name)));
      RunDirectory.running(base).forEach(name -> out.println(name + " is running; left alone"));
      if (removed.isEmpty()) {
        out.println("nothing to remove in " + base);
      }
      out.flush();
      return ExitCode.OK;
    } catch (IOException e) {
      spec.commandLine().getErr().println("passerelle: remove what is in " + base + ": " + e);
      return ExitCode.LEFT_BEHIND;
    }
  }
}
