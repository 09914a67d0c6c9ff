package org.passerelle.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import org.passerelle.lab.load.LoadedLab;
import org.passerelle.lab.model.Problem;
import org.passerelle.lab.topology.Topology;
import picocli.CommandLine.Parameters;

/** The FILE argument of the lab's commands. */
final class LabFile {
  @Parameters(paramLabel = "FILE", description = "The lab file (YAML).")
  private Path path;

  /** The lab, when there is nothing wrong with it; otherwise all that is wrong is printed. */
  Optional<Topology> load(PrintWriter err) {
    LoadedLab loaded = LoadedLab.load(path);
    loaded.problems().forEach(problem -> err.println(problem.print(loaded.file())));
    err.flush();
    return loaded.isValid() ? loaded.topology() : Optional.empty();
  }

  /** Prints a problem that was found later on. */
  void print(Problem problem, PrintWriter err) {
    err.println(problem.print(path.toString()));
  }
}
