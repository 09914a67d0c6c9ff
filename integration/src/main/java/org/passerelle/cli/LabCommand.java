package org.passerelle.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code passerelle lab}. */
@Command(
    name = "lab",
    description = "Runs a network topology from a file, and its checks.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      RunCommand.class,
      ValidateCommand.class,
      GraphCommand.class,
      GcCommand.class,
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all well",
      "1:a check failed",
      "2:the file or the command line is wrong",
      "4:the host cannot, or the set-up failed and was undone",
      "5:the tear-down failed",
      "130:interrupted"
    })
final class LabCommand implements Runnable {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "Missing command");
  }
}
