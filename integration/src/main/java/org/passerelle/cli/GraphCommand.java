package org.passerelle.cli;

import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.passerelle.lab.report.AsciiGraph;
import org.passerelle.lab.topology.Topology;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code passerelle lab graph FILE}. */
@Command(
    name = "graph",
    description = "Draws a lab file's topology; touches nothing.",
    mixinStandardHelpOptions = true)
final class GraphCommand implements Callable<Integer> {

  /** What the picture is made of. */
  enum Format {
    ascii
  }

  @Mixin private LabFile file;

  @Option(
      names = "--format",
      defaultValue = "ascii",
      description = "One of ${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
  private Format format;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public Integer call() {
    Optional<Topology> topology = file.load(spec.commandLine().getErr());
    PrintWriter out = spec.commandLine().getOut();
    switch (format) {
      case ascii -> topology.ifPresent(t -> AsciiGraph.of(t).forEach(out::println));
    }
    out.flush();
    return topology.isPresent() ? ExitCode.OK : ExitCode.USAGE;
  }
}
