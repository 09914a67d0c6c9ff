package org.passerelle.scripts;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.passerelle.link.list.Lists;
import org.passerelle.link.os.ScriptLock;
import org.passerelle.link.plan.Announcement;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.plan.PlanException;
import org.passerelle.link.plan.RunMark;
import org.passerelle.link.plan.SetLink;
import org.passerelle.link.plan.VifDevice;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.natroute.GuestAddresses;
import org.passerelle.natroute.GuestServices;
import org.passerelle.vlan.TaggedNic;

/** One run of a vif's script: what it was asked, and how its plans are carried out, or printed. */
final class VifRun {
  private final String script;
  private final ScriptContext context;
  private final ScriptArguments arguments;
  private final VifCall call;
  private final BackendStore store;
  private final PlanRunner plans;
  private final VifHooks hooks;
  private final VifPolicy policy;
  private boolean tableStays;

  VifRun(String script, ScriptContext context, ScriptArguments arguments, VifCall call) {
    this.script = script;
    this.context = context;
    this.arguments = arguments;
    this.call = call;
    this.store = new BackendStore(context, call, arguments.dryRun());
    this.plans = new PlanRunner(context);
    this.hooks = new VifHooks(context, call, store);
    this.policy = new VifPolicy(script, context, call, store);
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

  VifPolicy policy() {
    return policy;
  }

  /** The host as it is now. */
  Host host() {
    return new Host(context.kernel());
  }

  void log(String text) {
    context.log().log(ScriptLog.Level.DEBUG, text);
  }

  void info(String text) {
    context.log().log(ScriptLog.Level.INFO, text);
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

  /**
   * What attaches a device, on a kernel that renames links while they are up or one that does not.
   */
  interface Attaching {
    Plan plan(boolean live);
  }

  /**
   * Attaches a vif, guarded if that is asked for: after it has its name, and before it goes up.
   *
   * @param guest its addresses, as far as anybody said
   */
  void attach(
      VifDevice vif,
      Host host,
      Attaching attaching,
      Supplier<Optional<GuestAddresses>> guest,
      Supplier<Announcement> announcement) {
    VifServices services = services(vif, policy.services());
    whileTableStaysFor(services, () -> attach(vif, host, attaching, guest, services, announcement));
  }

  private void attach(
      VifDevice vif,
      Host host,
      Attaching attaching,
      Supplier<Optional<GuestAddresses>> guest,
      VifServices services,
      Supplier<Announcement> announcement) {
    VifGuard guard = guard(vif, policy.isGuarded());
    Plan before = guard.attach(host, guest).then(services.attach(host));
    // While a link is renamed nothing guards it: then it must be down.
    Plan plan = attaching.plan(KernelRelease.renamesLive() && before.isEmpty());
    Plan whole = plan.with(before, SetLink.up(vif.attachedName()));
    Announcement end = announcement.get();
    if (arguments.dryRun()) {
      attach(vif.attachedName(), whole, end);
      return;
    }
    guard.mark();
    services.whileAttaching(() -> attach(vif.attachedName(), whole, end));
    guard.attached();
  }

  private VifServices services(VifDevice vif, Optional<GuestServices> wanted) {
    return new VifServices(vif, wanted, mark(RunFile.LIMITED));
  }

  /** Where dom0 is not the guest's router. */
  void refuseServices() {
    if (policy.services().isPresent()) {
      throw new ScriptException(HostServices.WITH_BRIDGES);
    }
  }

  private void whileTableStaysFor(VifServices services, Runnable task) {
    if (services.isConcerned()) {
      whileTableStays(task);
    } else {
      task.run();
    }
  }

  private VifGuard guard(VifDevice vif, boolean wanted) {
    return new VifGuard(this, vif, wanted, RunFile.GUARDS.in(context.runDirectory()));
  }

  /**
   * Carries out what attaches {@code device}, its name from then on, and what the host's hooks do
   * then; for a vif, tells the toolstack: all of it or nothing. Nobody waits for a tap, which stays
   * attached when a hook fails.
   */
  private void attach(String device, Plan plan, Announcement announcement) {
    if (arguments.dryRun()) {
      print(plan);
      if (call.isVif()) {
        announcement.say().run();
      }
    } else if (call.isVif()) {
      plans.run(owner(), plan, afterHooks(device, announcement));
    } else {
      plans.run(owner(), plan);
      hooks.run(device);
    }
  }

  /**
   * The device, to be released under the name that it was guarded or limited by, where nobody knows
   * another any more: what is up is not to lose its rules.
   */
  VifDevice known(VifDevice vif) {
    Host host = host();
    if (vif.ifThere(host).isPresent()) {
      return vif;
    }
    List<String> names =
        Lists.concat(guard(vif, false).names(), services(vif, Optional.empty()).names());
    return Lists.first(
            Lists.map(names, name -> new VifDevice(vif.device(), Optional.of(name))),
            renamed -> renamed.ifThere(host).isPresent())
        .orElse(vif);
  }

  /** Releases it, then takes its guard away; and what the host's hooks do then. */
  void release(VifDevice vif, Host host, Plan plan) {
    release(vif, host, plan, () -> {});
  }

  /** The same, with something to be done before the hooks. */
  void release(VifDevice vif, Host host, Plan plan, Runnable afterwards) {
    unguard(vif, host, plan);
    afterwards.run();
    if (!arguments.dryRun()) {
      hooks.run(vif.attachedName());
    }
  }

  /** Carries out a plan beside the vif's own, or prints it. */
  void carryOut(Plan plan) {
    if (arguments.dryRun()) {
      print(plan);
    } else if (!plan.isEmpty()) {
      plans.run(owner(), plan);
    }
  }

  /** Takes its guard away, and that is all. */
  void unguard(VifDevice vif, Host host) {
    unguard(vif, host, Plan.NONE);
  }

  private void unguard(VifDevice vif, Host host, Plan before) {
    VifGuard guard = guard(vif, false);
    if (arguments.dryRun()) {
      print(before.then(guard.detach(host)).then(services(vif, Optional.empty()).detach(host)));
      return;
    }
    plans.run(owner(), before);
    try {
      carryOut(guard.detach(host));
      guard.detached();
      forgetServices(vif, host);
    } catch (KernelException | PlanException e) {
      warn(
          "the vif is released, and its rules stay until its name is used again: "
              + e.getMessage());
    }
  }

  private void forgetServices(VifDevice vif, Host host) {
    VifServices services = services(vif, Optional.empty());
    whileTableStaysFor(
        services,
        () -> {
          carryOut(services.detach(host));
          services.detached();
        });
  }

  private Announcement afterHooks(String device, Announcement announcement) {
    return new Announcement(
        announcement.proof(),
        () -> {
          hooks.run(device);
          announcement.say().run();
        });
  }

  /** Whether this vif may have ports of dom0's. */
  RunMark forwardMark() {
    return mark(RunFile.FORWARDS);
  }

  /** Whether a DHCP server may have been told of this vif's guest. */
  RunMark leaseMark() {
    return mark(RunFile.LEASES);
  }

  /** Whether the trunk process may tag for this vif. */
  RunMark tagsMark() {
    return mark(RunFile.TAGS);
  }

  /** The ways of IPv6 to this vif's guest. */
  RunMark waysMark() {
    return mark(RunFile.WAYS);
  }

  TrunkService trunk(TaggedNic vif) {
    return new TrunkService(context, vif, TrunkLauncher::installed, TrunkPatience.OF_VIFS);
  }

  void print(List<String> commands) {
    commands.forEach(context.out()::println);
  }

  private RunMark mark(RunFile what) {
    return new RunMark(what.in(context.runDirectory()).resolve(call.device()));
  }

  /** Does what must not happen while the table of the packet filter comes or goes. */
  void whileTableStays(Runnable task) {
    if (arguments.dryRun() || tableStays) {
      task.run();
      return;
    }
    try (ScriptLock _ = plans.lock(ForwardingScript.LOCK)) {
      tableStays = true;
      task.run();
    } finally {
      tableStays = false;
    }
  }

  private void print(Plan plan) {
    print(plan.lines());
  }

  private String owner() {
    return script + " " + call.command() + " " + call.device();
  }
}
