package org.passerelle.scripts;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.passerelle.link.plan.RunMark;
import org.passerelle.link.rtnl.Kernel;
import org.passerelle.link.rtnl.KernelDecorator;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.rtnl.Refusal;
import org.passerelle.link.rtnl.TableEntry;

/**
 * The kernel of a plan in print, for whoever may not look at all of it: what only root sees counts
 * as not there, and that is said once.
 */
final class PartlySeen extends KernelDecorator {
  private final Path runDirectory;
  private final PrintStream told;
  private final Set<String> unseen = new LinkedHashSet<>();

  PartlySeen(Kernel kernel, Path runDirectory, PrintStream told) {
    super(kernel);
    this.runDirectory = runDirectory;
    this.told = told;
  }

  @Override
  public List<String> dhcpUsers() {
    return RunMark.isHidden(runDirectory)
        ? unseen("what was started before", List.of())
        : super.dhcpUsers();
  }

  @Override
  public boolean isDhcpRunning() {
    return seen(super::isDhcpRunning, "whether a DHCP server of ours runs", false);
  }

  @Override
  public Optional<List<TableEntry>> table() {
    return seen(super::table, "our table of the packet filter", Optional.empty());
  }

  private <T> T seen(Supplier<T> question, String what, T otherwise) {
    try {
      return question.get();
    } catch (KernelException e) {
      if (!Refusal.EPERM.is(e)) {
        throw e;
      }
      return unseen(what, otherwise);
    }
  }

  private <T> T unseen(String what, T otherwise) {
    if (unseen.add(what)) {
      told.println(what + " only root sees: this is the plan where nothing is there yet");
    }
    return otherwise;
  }
}
