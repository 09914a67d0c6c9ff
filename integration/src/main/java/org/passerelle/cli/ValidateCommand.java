package org.passerelle.cli;

import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
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
    Optional<Topology> topology = file.load(spec.commandLine().getErr());
    topology.ifPresent(this::summary);
    return topology.isPresent() ? ExitCode.OK : ExitCode.USAGE;
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
