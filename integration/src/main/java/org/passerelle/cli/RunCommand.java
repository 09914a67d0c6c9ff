package org.passerelle.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.passerelle.lab.model.Lab;
import org.passerelle.lab.model.Problem;
import org.passerelle.lab.report.JsonReport;
import org.passerelle.lab.report.RunResult;
import org.passerelle.lab.report.Style;
import org.passerelle.lab.run.GuestMode;
import org.passerelle.lab.run.LabException;
import org.passerelle.lab.run.LabRunner;
import org.passerelle.lab.run.Requirements;
import org.passerelle.lab.run.RunDirectory;
import org.passerelle.lab.run.TeardownException;
import org.passerelle.lab.topology.Topology;
import org.passerelle.link.os.HostCapability;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code passerelle lab run FILE}. */
@Command(
    name = "run",
    description = "Builds a lab, carries out its checks, and takes it down again.",
    mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {

  @Mixin private LabFile file;

  @Option(
      names = "--captures",
      paramLabel = "DIR",
      description = "Where capture files go; default captures/<lab>.")
  private Path captures;

  @Option(
      names = "--report",
      defaultValue = "text",
      description =
          "One of ${COMPLETION-CANDIDATES}; with json one JSON object is all of standard output.")
  private ReportFormat report;

  @Option(
      names = "--switching",
      paramLabel = "WHO",
      converter = SwitchingConverter.class,
      description =
          "Who bridges, whatever the lab file says: kernel, userspace, or auto (the kernel where"
              + " it can).")
  private Lab.Switching switching;

  @Option(
      names = "--guests",
      paramLabel = "HOW",
      defaultValue = "thread",
      description =
          "One of ${COMPLETION-CANDIDATES}: whether the domains' netfronts run within this process,"
              + " or each domain's in one of its own.")
  private GuestMode guests;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    Optional<Topology> topology = file.load(err).map(this::switched);
    if (topology.isEmpty()) {
      return ExitCode.USAGE;
    }
    List<HostCapability> missing = Requirements.missing(topology.get());
    if (!missing.isEmpty()) {
      missing.forEach(lack -> err.println("passerelle: this host lacks " + lack));
      err.flush();
      return ExitCode.CANNOT;
    }
    List<Problem> problems = Requirements.problems(topology.get());
    if (!problems.isEmpty()) {
      problems.forEach(problem -> file.print(problem, err));
      err.flush();
      return ExitCode.USAGE;
    }
    try (Interruption interruption = new Interruption()) {
      int code = run(topology.get(), err);
      interruption.ended(code);
      return code;
    }
  }

  private Topology switched(Topology topology) {
    return Requirements.decided(switching == null ? topology : topology.withSwitching(switching));
  }

  private int run(Topology topology, PrintWriter err) {
    Console console = console(topology, err);
    console.begin();
    Path directory = captures == null ? Path.of("captures", topology.lab().name()) : captures;
    LabRunner runner =
        new LabRunner(topology, RunDirectory.base(), directory, guests, console, console::outcome);
    try {
      RunResult result = runner.run();
      console.end(result);
      if (report == ReportFormat.json) {
        spec.commandLine().getOut().println(JsonReport.of(result));
        spec.commandLine().getOut().flush();
      }
      return result.allWell() ? ExitCode.OK : ExitCode.FAILED;
    } catch (LabException e) {
      return failure(topology, e, ExitCode.CANNOT, err);
    } catch (TeardownException e) {
      for (Throwable earlier : e.getSuppressed()) {
        failure(topology, earlier, ExitCode.CANNOT, err);
      }
      return failure(topology, e, ExitCode.LEFT_BEHIND, err);
    } catch (InterruptedException e) {
      return failure(topology, e, ExitCode.INTERRUPTED, err);
    }
  }

  private Console console(Topology topology, PrintWriter err) {
    return report == ReportFormat.json
        ? new Console(err, Style.PLAIN, topology)
        : new Console(spec.commandLine().getOut(), Console.style(), topology);
  }

  private static int failure(Topology topology, Throwable e, int code, PrintWriter err) {
    String message = e instanceof InterruptedException ? "interrupted" : e.getMessage();
    err.println("passerelle: lab " + topology.lab().name() + ": " + message);
    if (Boolean.getBoolean("passerelle.debug")) {
      e.printStackTrace(err);
    }
    err.flush();
    return code;
  }
}
