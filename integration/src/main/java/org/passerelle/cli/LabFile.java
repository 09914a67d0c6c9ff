package org.passerelle.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
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
    return load(
        problem -> {
          err.println(problem);
          err.flush();
        });
  }

  /** The same, with each problem, in a line, for {@code told}. */
  Optional<Topology> load(Consumer<String> told) {
    LoadedLab loaded = LoadedLab.load(path);
    loaded.problems().forEach(problem -> told.accept(problem.print(loaded.file())));
    return loaded.isValid() ? loaded.topology() : Optional.empty();
  }

  /** A problem that was found later on, in a line. */
  String line(Problem problem) {
    return problem.print(path.toString());
  }
}
