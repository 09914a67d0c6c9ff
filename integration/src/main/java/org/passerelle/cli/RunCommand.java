package org.passerelle.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
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

  /** What kept the run from its end, as it was told to a person. */
  private final List<String> problems = new ArrayList<>();

  @Override
  public Integer call() {
    Optional<Topology> topology = file.load(this::tell).map(this::switched);
    int refused = topology.map(this::check).orElse(ExitCode.USAGE);
    if (refused != ExitCode.OK) {
      return reported(refused);
    }
    try (Interruption interruption = new Interruption()) {
      int code = reported(run(topology.get()));
      // A signal that is waiting for this ends the process here.
      interruption.ended(code);
      return code;
    }
  }

  /** An exit code of which a report in JSON says why there are no results. */
  private int reported(int code) {
    if (report == ReportFormat.json && code != ExitCode.OK && code != ExitCode.FAILED) {
      print(JsonReport.ofProblems(problems));
    }
    return code;
  }

  /** Whether it can be run here at all: OK, or the exit code. */
  private int check(Topology topology) {
    List<HostCapability> missing = Requirements.missing(topology);
    if (!missing.isEmpty()) {
      missing.forEach(lack -> tell("passerelle: this host lacks " + lack));
      return ExitCode.CANNOT;
    }
    List<Problem> wrong = Requirements.problems(topology);
    if (!wrong.isEmpty()) {
      wrong.forEach(problem -> tell(file.line(problem)));
      return ExitCode.USAGE;
    }
    return ExitCode.OK;
  }

  private void tell(String problem) {
    problems.add(problem);
    PrintWriter err = spec.commandLine().getErr();
    err.println(problem);
    err.flush();
  }

  private void print(String json) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(json);
    out.flush();
  }

  private Topology switched(Topology topology) {
    return Requirements.decided(switching == null ? topology : topology.withSwitching(switching));
  }

  private int run(Topology topology) {
    Console console = console(topology);
    console.begin();
    Path directory = captures == null ? Path.of("captures", topology.lab().name()) : captures;
    LabRunner runner =
        new LabRunner(topology, RunDirectory.base(), directory, guests, console, console::outcome);
    try {
      RunResult result = runner.run();
      console.end(result);
      if (report == ReportFormat.json) {
        print(JsonReport.of(result));
      }
      return result.allWell() ? ExitCode.OK : ExitCode.FAILED;
    } catch (LabException e) {
      return failure(topology, e, ExitCode.CANNOT);
    } catch (TeardownException e) {
      for (Throwable earlier : e.getSuppressed()) {
        failure(topology, earlier, ExitCode.CANNOT);
      }
      return failure(topology, e, ExitCode.LEFT_BEHIND);
    } catch (InterruptedException e) {
      return failure(topology, e, ExitCode.INTERRUPTED);
    }
  }

  private Console console(Topology topology) {
    return report == ReportFormat.json
        ? new Console(spec.commandLine().getErr(), Style.PLAIN, topology)
        : new Console(spec.commandLine().getOut(), Console.style(), topology);
  }

  private int failure(Topology topology, Throwable e, int code) {
    String message = e instanceof InterruptedException ? "interrupted" : e.getMessage();
    tell("passerelle: lab " + topology.lab().name() + ": " + message);
    if (Boolean.getBoolean("passerelle.debug")) {
      e.printStackTrace(spec.commandLine().getErr());
    }
    return code;
  }
}
