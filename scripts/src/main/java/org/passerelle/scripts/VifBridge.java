package org.passerelle.scripts;

import java.util.Optional;
import org.passerelle.bridge.VifAttachment;
import org.passerelle.link.plan.Announcement;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.rtnl.Link;
import org.passerelle.vlan.VifTrunk;

/**
 * {@code vif-bridge online|offline} for a vif, {@code add|remove} for an emulated NIC's tap: its
 * host end becomes a port of a bridge, and is released. The result goes to XenStore, where the
 * toolstack waits for it.
 */
public final class VifBridge implements HotplugScript {

  @Override
  public int run(ScriptContext context) {
    try {
      ScriptArguments arguments = ScriptArguments.parse(context.arguments());
      Optional<VifCall> call = VifCall.of(context, arguments);
      return call.isPresent()
          ? run(
              context,
              arguments,
              call.get(),
              new BackendStore(context, call.get(), arguments.dryRun()))
          : 0;
    } catch (RuntimeException e) {
      context.log().log(ScriptLog.Level.ERR, Failures.line(e));
      return 1;
    }
  }

  private static int run(
      ScriptContext context, ScriptArguments arguments, VifCall call, BackendStore store) {
    if (!call.valueOf("UDEV_CALL").isEmpty() && store.isUdevDisabled()) {
      return 0;
    }
    context.log().log(ScriptLog.Level.DEBUG, call.describe());
    try {
      if (call.isAttaching()) {
        attach(context, arguments, call, store);
      } else {
        detach(context, arguments, call, store);
      }
      return 0;
    } catch (RuntimeException e) {
      // Whatever it is: without a word from us the toolstack waits for its time limit.
      store.fatal(Failures.line(e));
      return 1;
    }
  }

  private static void attach(
      ScriptContext context, ScriptArguments arguments, VifCall call, BackendStore store) {
    VifSettings settings = VifSettings.read(call, store);
    settings.refuseWhatWeLack(arguments);
    Runner runner = new Runner(context, arguments, call);
    runner.recover();
    Host host = new Host(context.kernel());
    boolean live = KernelRelease.renamesLive();
    Optional<VifTrunk> trunk = settings.trunk();
    VifAttachment attachment = trunk.map(one -> one.untagged(host)).orElseGet(settings::attachment);
    Plan plan =
        trunk.map(one -> one.attach(host, live)).orElseGet(() -> attachment.attach(host, live));
    trunk.ifPresent(one -> context.log().log(ScriptLog.Level.INFO, "vlan=: " + one.grant()));
    Link bridge = attachment.findBridge(host);
    if (call.isVif()) {
      runner.run(plan, store.connected(attachment.mtu().orElse(bridge.mtu())));
    } else {
      runner.run(plan);
    }
    context.log().log(
        ScriptLog.Level.DEBUG,
        "Successful vif-bridge "
            + call.command()
            + " for "
            + attachment.attachedName()
            + ", bridge "
            + bridge.name()
            + ".");
  }

  private static void detach(
      ScriptContext context, ScriptArguments arguments, VifCall call, BackendStore store) {
    VifSettings settings = VifSettings.readName(call, store);
    VifAttachment attachment = settings.attachment();
    Runner runner = new Runner(context, arguments, call);
    runner.recover();
    Host host = new Host(context.kernel());
    runner.run(
        settings.vlan().isPresent() ? VifTrunk.detach(attachment, host) : attachment.detach(host));
  }

  /** Carries the plan out, or prints it. */
  private static final class Runner {
    private final ScriptContext context;
    private final boolean dryRun;
    private final String owner;
    private final PlanRunner plans;

    Runner(ScriptContext context, ScriptArguments arguments, VifCall call) {
      this.context = context;
      this.dryRun = arguments.dryRun();
      this.owner = "vif-bridge " + call.command() + " " + call.device();
      this.plans = new PlanRunner(context);
    }

    void recover() {
      if (!dryRun) {
        plans.recover();
      }
    }

    void run(Plan plan) {
      if (dryRun) {
        plan.lines().forEach(context.out()::println);
      } else {
        plans.run(owner, plan);
      }
    }

    void run(Plan plan, Announcement announcement) {
      if (dryRun) {
        run(plan);
        announcement.say().run();
      } else {
        plans.run(owner, plan, announcement);
      }
    }
  }
}
