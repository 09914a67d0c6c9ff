package org.passerelle.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code passerelle} command. */
@Command(
    name = "passerelle",
    description = "Virtual networks for Xen hosts.",
    mixinStandardHelpOptions = true,
    version = "passerelle 0.1.0-SNAPSHOT",
    synopsisSubcommandLabel = "COMMAND",
    footerHeading = "Resident, beside the scripts:%n",
    footer = {
      "  agent      Does the vif scripts' work, resident: for their launchers, and for",
      "               XenStore. scripts/passerelle-agent.service is its systemd unit.",
      "  trunk NIC  Serves the VLANs of a NIC, or of a vif, in user space. The",
      "               scripts start it."
    },
    subcommands = {LabCommand.class, GuestCommand.class, DoctorCommand.class})
public final class Main implements Runnable {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  public static void main(String[] arguments) {
    PrivateNetwork.prepare();
    Logging.configure();
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setExecutionStrategy(Main::executed)
        .setExecutionExceptionHandler((failure, line, parsed) -> report(failure, line));
  }

  /** What could not be written counts as not done: on a full disk, or where nobody reads on. */
  private static int executed(CommandLine.ParseResult parsed) {
    CommandLine line = parsed.commandSpec().commandLine();
    // Asked for first here, it is the one that all subcommands write to.
    PrintWriter out = line.getOut();
    int code = new CommandLine.RunLast().execute(parsed);
    if (code == ExitCode.OK && (out.checkError() || System.out.checkError())) {
      line.getErr().println("passerelle: standard output did not take all that was to be said");
      line.getErr().flush();
      return ExitCode.FAILED;
    }
    return code;
  }

  /** Whatever comes through to here is said in one line; the stack is for `-Dpasserelle.debug`. */
  private static int report(Exception failure, CommandLine line) {
    line.getErr().println("passerelle: " + failure.getMessage());
    line.getErr().flush();
    if (Boolean.getBoolean("passerelle.debug")) {
      failure.printStackTrace(line.getErr());
    }
    return ExitCode.CANNOT;
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "Missing command");
  }
}
