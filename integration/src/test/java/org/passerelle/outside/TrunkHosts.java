package org.passerelle.outside;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.passerelle.lab.switching.SwitchThread;
import org.passerelle.lab.switching.SwitchedNamespace;
import org.passerelle.link.os.Namespace;
import org.passerelle.link.os.NetlinkKernel;
import org.passerelle.link.rtnl.Kernel;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.link.rtnl.LinkSpec;
import org.passerelle.link.testing.TestNamespaces;
import org.passerelle.link.wire.VlanId;
import org.passerelle.vlan.VlanKind;

/**
 * dom0, whose VLANs are served by the trunk process; a host outside, which has VLANs 100 and 200 in
 * a way that is not the process's; and guests, who know of none.
 */
final class TrunkHosts implements AutoCloseable {
  static final String SCRIPT = "network-multi-vlan";

  private final TestNamespaces namespaces;
  private final ScriptInstallation installation;
  private final Dom0 dom0;
  private final Namespace outside;
  private final SwitchThread thread = new SwitchThread();
  private final SwitchedNamespace vlansOutside;

  TrunkHosts(TestNamespaces namespaces, Path directory) {
    this.namespaces = namespaces;
    this.installation = ScriptInstallation.in(directory.resolve("installed"));
    this.dom0 = new Dom0(namespaces, installation, directory.resolve("host"));
    this.outside = dom0.wire();
    this.vlansOutside = new SwitchedNamespace(thread, outside);
    dom0.ip("address", "add", "192.0.2.10/24", "dev", "eth0");
    namespaces.address(outside, "w0", "192.0.2.1/24");
    vlanOutside(100, "10.0.100.1/24");
    vlanOutside(200, "10.0.200.1/24");
  }

  private void vlanOutside(int id, String address) {
    vlan(vlansOutside, "w0", id);
    namespaces.address(outside, "w0." + id, address);
  }

  private static void vlan(SwitchedNamespace where, String lower, int id) {
    String device = lower + "." + id;
    try (Kernel kernel = where.kernel()) {
      kernel.create(LinkSpec.of(device, new VlanKind(lower, new VlanId(id))));
      kernel.change(device, LinkChange.builder().up(true).build());
    }
  }

  /** A guest tags by itself, until it is closed, in a way that is not the process's. */
  SwitchedNamespace tagging(Namespace guest, int id, String address) {
    SwitchedNamespace vlans = new SwitchedNamespace(thread, guest);
    vlan(vlans, "eth0", id);
    namespaces.address(guest, "eth0." + id, address);
    return vlans;
  }

  Dom0 dom0() {
    return dom0;
  }

  Namespace outside() {
    return outside;
  }

  /** A host whose device's other end is a port of that bridge. */
  Namespace guest(String vif, String bridge, String address) {
    Namespace guest = unattached(vif);
    dom0.ip("link", "set", "dev", vif, "master", bridge, "up");
    namespaces.address(guest, "eth0", address);
    return guest;
  }

  /** A host whose device's other end is nobody's port yet. */
  Namespace unattached(String vif) {
    Namespace guest = namespaces.create();
    String away = "g-" + vif;
    dom0.ip("link", "add", vif, "type", "veth", "peer", "name", away);
    try (NetlinkKernel kernel = kernel()) {
      kernel.change(away, LinkChange.builder().namespace(guest.descriptor()).name("eth0").build());
    }
    try (NetlinkKernel kernel = guest.kernel()) {
      kernel.change("eth0", LinkChange.builder().up(true).build());
    }
    return guest;
  }

  NetlinkKernel kernel() {
    return dom0.open(NetlinkKernel::open);
  }

  Optional<Link> link(String device) {
    try (NetlinkKernel kernel = kernel()) {
      return kernel.link(device);
    }
  }

  boolean isRunning(String device) {
    return link(device).filter(Link::isRunning).isPresent();
  }

  /** Runs network-multi-vlan, which succeeds. */
  void run(String... words) {
    dom0.run(words(words));
  }

  /** Runs it; returns its exit code. */
  int code(String... words) {
    return Patience.end(dom0.script(words(words)));
  }

  /** Runs passerelle trunk, as a person would. */
  Process trunk(List<String> words) {
    List<String> all = new ArrayList<>(List.of("trunk"));
    all.addAll(words);
    return passerelle("said", all);
  }

  /** Runs the command passerelle, with a file for its words. */
  Process passerelle(String said, List<String> words) {
    List<String> command = new ArrayList<>(List.of(installation.launcher("passerelle")));
    command.addAll(words);
    return dom0.background(command, said);
  }

  /** A file in this host's own directory. */
  Path file(String name, String text) {
    try {
      return Files.writeString(dom0.file(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> words(String... words) {
    List<String> all = new ArrayList<>(List.of(SCRIPT));
    all.addAll(List.of(words));
    return all;
  }

  /** The NIC's trunk process; empty when there is none. */
  Optional<ProcessHandle> process() {
    return process("eth0");
  }

  /** That of a NIC or vif, once it has said who it is. */
  Optional<ProcessHandle> process(String nic) {
    return fileOf(nic, ".pid")
        .map(TrunkHosts::text)
        .filter(text -> !text.isEmpty())
        .flatMap(text -> ProcessHandle.of(Long.parseLong(text.split(" ")[0])))
        .filter(ProcessHandle::isAlive);
  }

  /** Who starts it again. */
  ProcessHandle keeper() {
    return keeper("eth0");
  }

  ProcessHandle keeper(String nic) {
    return process(nic).flatMap(ProcessHandle::parent).orElseThrow();
  }

  static void kill(ProcessHandle process) {
    process.destroyForcibly();
    Patience.until(alive -> !alive, process::isAlive);
  }

  /** First who looks after it: he would start another one. Returns when nobody has the tap. */
  void killAll(String tap) {
    ProcessHandle process = process().orElseThrow();
    kill(keeper());
    kill(process);
    Patience.until(running -> !running, () -> isRunning(tap));
  }

  /** What it said last. */
  String words() {
    return fileOf("eth0", ".log").map(TrunkHosts::text).orElse("");
  }

  private Optional<Path> fileOf(String nic, String suffix) {
    return filesOf(nic).stream().filter(file -> file.toString().endsWith(suffix)).findFirst();
  }

  /** What a NIC's trunk process has in the run directory. */
  List<Path> filesOf(String nic) {
    try (Stream<Path> files = Files.list(dom0.runDirectory().resolve("trunk"))) {
      return files.filter(file -> file.getFileName().toString().startsWith(nic + ".")).toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return ""; // It has just ended.
    }
  }

  /** Whoever is left ends with its NIC. */
  @Override
  public void close() {
    close("eth0", "peth0");
    vlansOutside.close();
    thread.close();
    dom0.close();
  }

  /** Deletes a NIC, which may have another name, and has its process end. */
  void close(String nic, String other) {
    Optional<ProcessHandle> left = process(nic);
    try (NetlinkKernel kernel = kernel()) {
      Stream.of(nic, other).filter(name -> kernel.link(name).isPresent()).forEach(kernel::delete);
    }
    left.ifPresent(one -> Patience.until(alive -> !alive, one::isAlive));
  }
}
