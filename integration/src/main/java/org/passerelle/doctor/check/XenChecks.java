package org.passerelle.doctor.check;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.passerelle.doctor.Finding;
import org.passerelle.doctor.facts.Facts;
import org.passerelle.doctor.facts.OwnFacts;
import org.passerelle.doctor.facts.XenFacts;

/** Whether there is a Xen, and its toolstack runs our scripts. */
final class XenChecks {
  private static final Reporter XEN = new Reporter(Finding.Section.XEN);

  /** xl's own default. */
  private static final String USUAL = "vif-bridge";

  private XenChecks() {}

  static Stream<Finding> of(Facts facts) {
    XenFacts xen = facts.xen();
    if (!xen.dom0()) {
      return Stream.concat(Stream.of(noDom0(xen)), copies(xen));
    }
    boolean served = facts.own().agent().filter(OwnFacts.Agent::running).isPresent();
    return Stream.of(devices(xen), store(xen), copies(xen), vifScript(xen), unrun(xen, served))
        .flatMap(findings -> findings);
  }

  private static Finding noDom0(XenFacts xen) {
    return xen.hypervisor().isEmpty()
        ? XEN.ok("no-xen", "host", "is no Xen host; labs need none")
        : XEN.warn(
            "no-dom0",
            "host",
            "is a domain on " + xen.hypervisor() + ", and not its dom0",
            "the scripts have work here only if it is a driver domain",
            "in a driver domain run xl devd; otherwise use the scripts in dom0");
  }

  private static Stream<Finding> devices(XenFacts xen) {
    return xen.missingDevices().isEmpty()
        ? Stream.of(XEN.ok("dom0", "host", "is a Xen dom0"))
        : Stream.of(
            XEN.bad(
                    "no-xen-devices",
                    "/dev/xen",
                    "lacks " + String.join(", ", xen.missingDevices()),
                    "the toolstack and backends cannot work",
                    "load the drivers")
                .with(
                    List.of("modprobe xen-gntdev", "modprobe xen-evtchn", "modprobe xen-privcmd")));
  }

  private static Stream<Finding> store(XenFacts xen) {
    return xen.storeFailure().stream()
        .map(
            failure ->
                XEN.bad(
                        "no-xenstore",
                        "XenStore",
                        "cannot be reached: " + failure,
                        "no vif is attached: the scripts read there what is wanted",
                        "start it")
                    .with(List.of("systemctl start xenstored")));
  }

  private static Stream<Finding> copies(XenFacts xen) {
    return xen.scripts().stream()
        .filter(script -> script.state() == XenFacts.State.COPY)
        .map(
            script ->
                XEN.bad(
                        "script-copied",
                        xen.scriptDirectory().resolve(script.name()).toString(),
                        "is a copy of ours, and does not find the rest of Passerelle from there",
                        "each call fails",
                        "make it a symbolic link")
                    .with(List.of(link(xen, script.name()))));
  }

  private static String link(XenFacts xen, String name) {
    return "ln -sf " + xen.ours().resolve(name) + " " + xen.scriptDirectory().resolve(name);
  }

  private static Stream<Finding> vifScript(XenFacts xen) {
    String configured = xen.vifScript().orElse(USUAL);
    if (configured.startsWith(xen.ours() + "/")) {
      return Stream.of(XEN.ok("vif-script", "xl.conf", "vifs get " + configured + ", ours"));
    }
    String file = xen.scriptDirectory().resolve(configured).toString();
    return switch (xen.state(configured)) {
      case OURS -> Stream.of(XEN.ok("vif-script", file, "vifs get it, and it is ours"));
      case COPY -> Stream.empty();
      case OTHERS ->
          Stream.of(
              XEN.warn(
                      "vif-script-not-ours",
                      file,
                      "vifs get it, and it is not Passerelle's",
                      "nothing of ours is done for vifs whose configuration names no script",
                      "name ours in /etc/xen/xl.conf, or link the name to ours")
                  .with(
                      List.of(
                          "vif.default.script=\"" + xen.ours().resolve(USUAL) + "\"   # xl.conf")));
      case ABSENT ->
          Stream.of(
              XEN.bad(
                      "no-vif-script",
                      file,
                      "vifs are to get it, and it is not there, or not known",
                      "guests do not start: libxl cannot run it",
                      "install it, or name ours")
                  .with(List.of(link(xen, USUAL))));
    };
  }

  private static Stream<Finding> unrun(XenFacts xen, boolean served) {
    return xen.runsScripts() || served
        ? others(xen)
        : Stream.of(
            XEN.bad(
                    "nobody-runs-scripts",
                    "/etc/xen/xl.conf",
                    "run_hotplug_scripts=0, and no agent runs",
                    "nobody attaches vifs: guests wait, and have no network",
                    "start the agent, or take the line out")
                .with(List.of("systemctl enable --now passerelle-agent")));
  }

  /** Some of Debian's beside some of ours are easily taken for each other. */
  private static Stream<Finding> others(XenFacts xen) {
    List<String> others =
        xen.scripts().stream()
            .filter(script -> script.state() == XenFacts.State.OTHERS)
            .map(XenFacts.Script::name)
            .toList();
    boolean mixed = xen.scripts().stream().anyMatch(s -> s.state() == XenFacts.State.OURS);
    return mixed && !others.isEmpty()
        ? Stream.of(
            XEN.warn(
                    "scripts-mixed",
                    xen.scriptDirectory().toString(),
                    "some scripts are ours, these are not: "
                        + others.stream().collect(Collectors.joining(", ")),
                    "what one attaches the other does not release",
                    "link them, too")
                .with(others.stream().map(name -> link(xen, name)).toList()))
        : Stream.empty();
  }
}
