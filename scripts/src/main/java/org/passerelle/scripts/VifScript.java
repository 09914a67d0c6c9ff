package org.passerelle.scripts;

import java.util.List;
import java.util.Optional;

/**
 * A script that a toolstack runs for a vif: {@code online|offline}, or for an emulated NIC's tap
 * {@code add|remove}. The result goes to XenStore, where the toolstack waits for it.
 */
abstract class VifScript implements HotplugScript {
  private final Usage usage;

  /**
   * @param usage with its name, as messages and journals have it
   */
  VifScript(Usage usage) {
    this.usage = usage;
  }

  /** Connects the guest, and says so; what it throws is told to the toolstack. */
  abstract void attach(VifRun run);

  abstract void detach(VifRun run);

  @Override
  public final List<String> words() {
    return usage.words();
  }

  @Override
  public final int run(ScriptContext context) {
    if (usage.answers(context)) {
      return 0;
    }
    try {
      ScriptArguments arguments = ScriptArguments.parse(context.arguments());
      if (arguments.command().isEmpty()) {
        throw new ScriptException("no command is given; " + usage.call());
      }
      usage.warnOfUnknown(context, arguments);
      Optional<VifCall> call = VifCall.of(context, arguments);
      return call.isPresent() ? run(new VifRun(usage.name(), context, arguments, call.get())) : 0;
    } catch (RuntimeException e) {
      context.log().log(ScriptLog.Level.ERR, Failures.line(e));
      return 1;
    }
  }

  private int run(VifRun run) {
    if (!run.call().valueOf("UDEV_CALL").isEmpty() && run.store().isUdevDisabled()) {
      return 0;
    }
    run.log(run.call().describe());
    try {
      new GivenDevice(run.call(), run.store(), run.host()).check();
      if (run.call().isAttaching()) {
        attach(run);
      } else {
        detach(run);
      }
      return 0;
    } catch (RuntimeException e) {
      // Whatever it is: without a word from us the toolstack waits for its time limit.
      run.store().fatal(Failures.line(e));
      return 1;
    }
  }
}
