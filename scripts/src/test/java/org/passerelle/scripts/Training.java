package org.passerelle.scripts;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.passerelle.bridge.BridgeKind;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.xenstore.XenStore;
import org.passerelle.hypervisor.xenstore.server.StoreServer;
import org.passerelle.link.os.NetlinkKernel;
import org.passerelle.link.rtnl.Address;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.link.rtnl.LinkSpec;
import org.passerelle.link.rtnl.VethKind;
import org.passerelle.link.wire.IpPrefix;

/**
 * Runs each script once, for real, and has the virtual machine list the classes that it loads: what
 * {@code scripts/lib/seal} makes the class archive of. It is run in a network namespace of its own,
 * with a directory for the lists and the {@code java} command that starts a script.
 */
final class Training {
  private static final String STATUS = "backend/vif/1/0/hotplug-status";
  private static final int LOOKS = 500;
  private static final long LOOK_MS = 20;

  private final Path directory;
  private final List<String> java;

  private Training(Path directory, List<String> java) {
    this.directory = directory;
    this.java = java;
  }

  public static void main(String[] words) throws Exception {
    Path directory = Path.of(words[0]);
    new Training(directory, List.of(words).subList(1, words.length)).run();
  }

  private void run() throws Exception {
    try (NetlinkKernel kernel = NetlinkKernel.open();
        StoreServer server = new StoreServer();
        XenStore store = server.connect(DomainId.DOM0)) {
      server.listen(directory.resolve("socket"));
      host(kernel);
      store.write("backend/vif/1/0/bridge", "br0");
      store.write("backend/vif/1/0/mac", "00:16:3e:00:00:01");
      store.write("backend/vif/1/0/frontend-id", "1");
      store.write("backend/vif/1/0/handle", "0");
      vif(kernel);
      script("vif-bridge", "online");
      script("vif-bridge", "offline");
      // To the last one no route leads yet.
      store.write("backend/vif/1/0/ip", "192.0.2.11 2001:db8::11 2001:db8:1::11");
      attempt("vif-bridge", "online", "antispoof=yes");
      attempt("vif-bridge", "offline", "antispoof=yes");
      kernel.delete("vif1.0");
      attempt("network-route", "start", "netdev=eth0");
      for (String name : List.of("vif-route", "vif-nat")) {
        for (String more : List.of("netdev=eth0", "antispoof=yes")) {
          vif(kernel);
          attempt(name, "online", more);
          attempt(name, "offline", more);
          kernel.delete("vif1.0");
        }
      }
      attempt("network-route", "stop", "netdev=eth0");
      agent(kernel, store);
      script("network-bridge", "start", "netdev=eth0");
      script("network-bridge", "status", "netdev=eth0");
      script("network-bridge", "stop", "netdev=eth0");
      // Without the last step, for which not every kernel has a VLAN.
      script("network-multi-vlan", "start", "vlans=2,3", "--dry-run");
      script("network-bridge-vlan", "status");
      script("recover");
    }
  }

  private static void host(NetlinkKernel kernel) {
    kernel.create(LinkSpec.of("br0", BridgeKind.XEN));
    kernel.create(LinkSpec.of("eth0", new VethKind("wire")));
    for (String device : List.of("lo", "br0", "eth0", "wire")) {
      kernel.change(device, LinkChange.builder().up(true).build());
    }
    kernel.add(Address.of("eth0", IpPrefix.parse("192.0.2.10/24")));
    kernel.add(Address.of("eth0", IpPrefix.parse("2001:db8::10/64")));
  }

  /** Each script finds the vif as netback makes it, with nothing done yet by another. */
  private static void vif(NetlinkKernel kernel) {
    kernel.create(LinkSpec.of("vif1.0", new VethKind("guest")));
    kernel.change("guest", LinkChange.builder().up(true).build());
  }

  /** The resident agent, until it has served a vif that it saw come. */
  private void agent(NetlinkKernel kernel, XenStore store)
      throws IOException, InterruptedException {
    vif(kernel);
    store.remove(STATUS);
    store.write("backend/vif/1/0/state", "2");
    Process agent =
        start(
            directory.resolve("agent.serve.classes"), "agent", "org.passerelle.scripts.agent.Main");
    for (int look = 0; look < LOOKS && store.readIfPresent(STATUS).isEmpty(); look++) {
      Thread.sleep(LOOK_MS);
    }
    agent.destroy();
    agent.waitFor();
    kernel.delete("vif1.0");
  }

  private void script(String name, String... arguments) throws IOException, InterruptedException {
    int code = attempt(name, arguments);
    if (code != 0) {
      throw new IllegalStateException(
          name + " " + String.join(" ", arguments) + ": exit code " + code);
    }
  }

  /** For what not every host can, as nftables; the classes up to there are worth having, too. */
  private int attempt(String name, String... arguments) throws IOException, InterruptedException {
    Path list = directory.resolve(name + "." + String.join("-", arguments) + ".classes");
    List<String> words = new ArrayList<>(List.of(name, name));
    words.addAll(List.of(arguments));
    return start(list, name, "org.passerelle.scripts.Main", words.toArray(String[]::new)).waitFor();
  }

  /** Each finds a run directory that no other has made anything in. */
  private Process start(Path list, String name, String main, String... words) throws IOException {
    List<String> command = new ArrayList<>(java);
    command.add("-XX:DumpLoadedClassList=" + list);
    command.add(main);
    command.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    builder
        .environment()
        .putAll(
            Map.of(
                "PASSERELLE_RUN_DIR",
                directory.resolve("run-of-" + name).toString(),
                "XENSTORED_PATH",
                directory.resolve("socket").toString(),
                "XENBUS_PATH",
                "backend/vif/1/0",
                "vif",
                "vif1.0"));
    return builder.start();
  }
}
