package org.passerelle.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.passerelle.doctor.Finding;
import org.passerelle.doctor.check.Checks;
import org.passerelle.doctor.facts.FactReader;
import org.passerelle.doctor.report.FindingJson;
import org.passerelle.doctor.report.FindingTable;
import org.passerelle.doctor.report.Tally;
import org.passerelle.link.os.HostFiles;
import org.passerelle.link.os.NetlinkKernel;
import org.passerelle.link.os.TerminalSize;
import org.passerelle.natroute.nft.NftKernel;
import org.passerelle.scripts.ScriptCall;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code passerelle doctor}. */
@Command(
    name = "doctor",
    description =
        "Looks for what is the matter with this host's networks, and says what to do about it;"
            + " changes nothing. Without root it says what it could not see.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:no problem; there may be warnings",
      "1:a problem",
      "2:the command line is wrong"
    })
final class DoctorCommand implements Callable<Integer> {
  private static final int USUAL_WIDTH = 80;

  @Option(
      names = "--report",
      defaultValue = "text",
      description =
          "One of ${COMPLETION-CANDIDATES}; with json one JSON object is all of standard output.")
  private ReportFormat report;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public Integer call() {
    List<Finding> findings = findings();
    PrintWriter out = spec.commandLine().getOut();
    switch (report) {
      case json -> out.println(FindingJson.of(findings));
      case text ->
          new FindingTable(Console.style(), TerminalSize.columns().orElse(USUAL_WIDTH))
              .lines(findings)
              .forEach(out::println);
    }
    out.flush();
    return Tally.count(findings, Finding.Level.BAD) == 0 ? ExitCode.OK : ExitCode.FAILED;
  }

  private static List<Finding> findings() {
    Map<String, String> environment = System.getenv();
    Path home = Path.of(System.getProperty("passerelle.home", ""));
    try (NftKernel kernel = new NftKernel(NetlinkKernel.open())) {
      return Checks.of(
          new FactReader(HostFiles.REAL, kernel)
              .read(environment, home, ScriptCall.runDirectory(environment)));
    }
  }
}
