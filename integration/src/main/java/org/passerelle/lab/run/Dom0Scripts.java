package org.passerelle.lab.run;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.passerelle.hypervisor.xenstore.XenStore;
import org.passerelle.lab.model.ScriptCall;
import org.passerelle.lab.run.Places.Place;
import org.passerelle.link.os.NetlinkKernel;
import org.passerelle.link.rtnl.Kernel;
import org.passerelle.natroute.dhcp.DhcpKernel;
import org.passerelle.natroute.nft.NftKernel;
import org.passerelle.scripts.HotplugScript;
import org.passerelle.scripts.NetworkBridge;
import org.passerelle.scripts.NetworkBridgeVlan;
import org.passerelle.scripts.NetworkMultiVlan;
import org.passerelle.scripts.NetworkNat;
import org.passerelle.scripts.NetworkRoute;
import org.passerelle.scripts.ScriptContext;
import org.passerelle.scripts.VifBridge;
import org.passerelle.scripts.VifNat;
import org.passerelle.scripts.VifRoute;
import org.passerelle.toolstack.HotplugRunner;

/** Runs the host's scripts in dom0's namespace, within this process. */
final class Dom0Scripts implements HotplugRunner {
  private final Place dom0;
  private final XenStore store;
  private final Path directory;
  private final Progress progress;
  private String lastLine = "it said nothing";

  Dom0Scripts(Place dom0, XenStore store, Path directory, Progress progress) {
    this.dom0 = dom0;
    this.store = store;
    this.directory = directory;
    this.progress = progress;
  }

  @Override
  public int run(String script, List<String> arguments, Map<String, String> environment) {
    HotplugScript made =
        switch (script) {
          case "network-bridge" -> new NetworkBridge();
          case "network-bridge-vlan" -> new NetworkBridgeVlan();
          case "network-multi-vlan" -> new NetworkMultiVlan();
          case "network-nat" -> new NetworkNat();
          case "network-route" -> new NetworkRoute();
          case "vif-bridge" -> new VifBridge();
          case "vif-nat" -> new VifNat();
          case "vif-route" -> new VifRoute();
          default -> throw new IllegalArgumentException("no script " + script);
        };
    try (PrintStream lines = lines(script)) {
      return dom0.namespace()
          .call(
              () -> {
                try (Kernel kernel = kernel(made, line -> said(script, line))) {
                  return made.run(
                      new ScriptContext(
                          script,
                          arguments,
                          environment,
                          kernel,
                          () -> store,
                          lines,
                          lines,
                          directory));
                }
              });
    }
  }

  /** Routing and the packet filter are the kernel's, whoever bridges. */
  private Kernel kernel(HotplugScript script, Consumer<String> warnings) {
    Kernel door =
        switch (script) {
          case NetworkNat _, NetworkRoute _, VifNat _, VifRoute _ -> dom0.namespace().kernel();
          default -> dom0.door().get();
        };
    return door instanceof NetlinkKernel kernel
        ? new DhcpKernel(new NftKernel(kernel), directory, warnings)
        : door;
  }

  /** Runs a network script, as xend does at its start and its end. */
  void network(ScriptCall call, String command) throws LabException {
    List<String> arguments = new ArrayList<>(List.of(command));
    arguments.addAll(call.arguments());
    int code = run(call.name(), arguments, Map.of());
    if (code != 0) {
      throw new LabException(
          call.name() + " " + command + " exited with error status " + code + ": " + lastLine);
    }
  }

  private void said(String script, String line) {
    lastLine = line;
    progress.note(script + ": " + line);
  }

  private PrintStream lines(String script) {
    return new PrintStream(
        new LineOutput(line -> said(script, line)), false, StandardCharsets.UTF_8);
  }
}
