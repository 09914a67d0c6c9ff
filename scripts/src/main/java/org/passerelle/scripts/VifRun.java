package org.passerelle.scripts;

import org.passerelle.link.os.ScriptLock;
import org.passerelle.link.plan.Announcement;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Plan;

/** One run of a vif's script: what it was asked, and how its plans are carried out, or printed. */
final class VifRun {
  private final String script;
  private final ScriptContext context;
  private final ScriptArguments arguments;
  private final VifCall call;
  private final BackendStore store;
  private final PlanRunner plans;

  VifRun(String script, ScriptContext context, ScriptArguments arguments, VifCall call) {
    this.script = script;
    this.context = context;
    this.arguments = arguments;
    this.call = call;
    this.store = new BackendStore(context, call, arguments.dryRun());
    this.plans = new PlanRunner(context);
  }

  ScriptArguments arguments() {
    return arguments;
  }

  VifCall call() {
    return call;
  }

  BackendStore store() {
    return store;
  }

  /** The host as it is now. */
  Host host() {
    return new Host(context.kernel());
  }

  void log(String text) {
    context.log().log(ScriptLog.Level.DEBUG, text);
  }

  void warn(String text) {
    context.log().log(ScriptLog.Level.WARNING, text);
  }

  /** The end of an attachment, as the originals log it. */
  void succeeded(String device, String more) {
    log("Successful " + script + " " + call.command() + " for " + device + more + ".");
  }

  /** Undoes what killed scripts left; before the plan is made. */
  void recover() {
    if (!arguments.dryRun()) {
      plans.recover();
    }
  }

  void run(Plan plan) {
    if (arguments.dryRun()) {
      print(plan);
    } else {
      plans.run(owner(), plan);
    }
  }

  /** For a vif, tells the toolstack too; nobody waits for a tap. */
  void run(Plan plan, Announcement announcement) {
    if (!call.isVif()) {
      run(plan);
    } else if (arguments.dryRun()) {
      print(plan);
      announcement.say().run();
    } else {
      plans.run(owner(), plan, announcement);
    }
  }

  /** Whether this vif may have ports of dom0's. */
  ForwardMark forwardMark() {
    return new ForwardMark(
        context.runDirectory().resolve("forwards").resolve(call.device().replace('/', '_')));
  }

  /** Does what must not happen while the table of the packet filter comes or goes. */
  void whileTableStays(Runnable task) {
    if (arguments.dryRun()) {
      task.run();
    } else {
      try (ScriptLock _ = plans.lock(ForwardingScript.LOCK)) {
        task.run();
      }
    }
  }

  private void print(Plan plan) {
    plan.lines().forEach(context.out()::println);
  }

  private String owner() {
    return script + " " + call.command() + " " + call.device();
  }
}
