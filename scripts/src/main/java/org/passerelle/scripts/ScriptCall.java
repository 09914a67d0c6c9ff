package org.passerelle.scripts;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.passerelle.hypervisor.xenstore.XenStore;
import org.passerelle.link.os.NetlinkKernel;
import org.passerelle.natroute.dhcp.DhcpKernel;
import org.passerelle.natroute.nft.NftKernel;

/**
 * A call of one of the scripts.
 *
 * @param name the script's
 * @param path by which it was called, for messages
 * @param arguments the command, and {@code key=value} in any order
 * @param environment what the toolstack says of the device; not changed meanwhile
 */
public record ScriptCall(
    String name, String path, List<String> arguments, Map<String, String> environment) {
  private static final Path RUN_DIRECTORY = Path.of("/run/passerelle");

  public ScriptCall {
    arguments = List.copyOf(arguments);
    environment = Collections.unmodifiableMap(environment);
  }

  /**
   * Does it in the calling thread's network namespace, and returns the exit code.
   *
   * @param store connects to XenStore when first asked
   * @param stop true once what is under way is to be undone
   */
  public int run(Supplier<XenStore> store, PrintStream out, PrintStream err, BooleanSupplier stop) {
    ScriptLog log = ScriptLog.system(path, environment, ScriptLog.to(err, name));
    Path runDirectory = runDirectory(environment);
    Consumer<String> warnings = line -> log.log(ScriptLog.Level.WARNING, line);
    try {
      // Before the kernel is asked for: meanwhile the C library is made known (Preparation).
      HotplugScript script = script();
      try (DhcpKernel kernel =
          new DhcpKernel(new NftKernel(NetlinkKernel.open()), runDirectory, warnings)) {
        return script.run(
            new ScriptContext(
                path, arguments, environment, kernel, store, out, err, runDirectory, log, stop));
      }
    } catch (RuntimeException e) {
      log.log(ScriptLog.Level.ERR, Failures.line(e));
      return 1;
    }
  }

  private HotplugScript script() {
    return name.equals("recover")
        ? new Recover()
        : ScriptName.of(name)
            .map(ScriptCall::script)
            .orElseThrow(() -> new ScriptException("there is no script " + name));
  }

  static HotplugScript script(ScriptName name) {
    return switch (name) {
      case VIF_BRIDGE -> new VifBridge();
      case VIF_ROUTE -> new VifRoute();
      case VIF_NAT -> new VifNat();
      case NETWORK_BRIDGE -> new NetworkBridge();
      case NETWORK_BRIDGE_VLAN -> new NetworkBridgeVlan();
      case NETWORK_MULTI_VLAN -> new NetworkMultiVlan();
      case NETWORK_ROUTE -> new NetworkRoute();
      case NETWORK_NAT -> new NetworkNat();
    };
  }

  /** Where journals and locks are, and the agent's pipes. */
  public static Path runDirectory(Map<String, String> environment) {
    String chosen = environment.getOrDefault("PASSERELLE_RUN_DIR", "");
    return chosen.isEmpty() ? RUN_DIRECTORY : Path.of(chosen);
  }
}
