package org.passerelle.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.passerelle.lab.model.Problem;
import org.passerelle.lab.run.Requirements;
import org.passerelle.lab.topology.Station;
import org.passerelle.lab.topology.Topology;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code passerelle lab validate FILE}. */
@Command(
    name = "validate",
    description = "Says what is wrong with a lab file; touches nothing.",
    mixinStandardHelpOptions = true)
final class ValidateCommand implements Callable<Integer> {
  @Mixin private LabFile file;
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    Optional<Topology> topology = file.load(err);
    if (topology.isEmpty() || !areFiltersSound(topology.get(), err)) {
      return ExitCode.USAGE;
    }
    summary(topology.get());
    return ExitCode.OK;
  }

  private boolean areFiltersSound(Topology topology, PrintWriter err) {
    List<Problem> problems = Requirements.filterProblems(topology);
    problems.forEach(problem -> err.println(file.line(problem)));
    err.flush();
    return problems.stream().noneMatch(problem -> problem.severity() == Problem.Severity.ERROR);
  }

  private void summary(Topology topology) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "%s: valid; domains %d, outside hosts %d, wires %d, checks %d%n",
        topology.lab().name(),
        topology.stations(Station.Kind.DOMAIN).size(),
        topology.stations(Station.Kind.OUTSIDE).size(),
        topology.wires().size(),
        topology.lab().checks().size());
    out.flush();
  }
}
