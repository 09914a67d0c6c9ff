package org.passerelle.scripts;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.passerelle.link.plan.Host;

/**
 * {@code network-bridge start|stop|status}. Keys: {@code generation} ({@code netloop}: the manner
 * of Xen 3.1; {@code rename}: that of 3.2 to 4.4; {@code keep}: the NIC keeps its name), {@code
 * vifnum} (the last digits of the default route's device, else 0), {@code bridge} (xenbr$vifnum,
 * with {@code rename} the NIC's name; null for none), {@code netdev} (eth$vifnum when vifnum is
 * given, else the default route's device), {@code pairs} (1: as many pairs veth0/vif0.0,
 * veth1/vif0.1, … at least), {@code antispoof=no}.
 */
public final class NetworkBridge extends NetworkScript {
  static final Set<String> KEYS =
      Set.of("vifnum", "bridge", "netdev", "pairs", "generation", "antispoof");

  public NetworkBridge() {
    super("network-bridge", KEYS);
  }

  @Override
  void start(ScriptContext context, ScriptArguments arguments) {
    if (isWithoutBridge(arguments)) {
      return;
    }
    BridgedNics.of(arguments, host(context))
        .remark()
        .ifPresent(remark -> context.err().println(remark));
    carryOut(
        context,
        arguments,
        live -> BridgedNics.of(arguments, host(context)).start(host(context), live));
  }

  @Override
  void stop(ScriptContext context, ScriptArguments arguments) {
    if (!isWithoutBridge(arguments)) {
      carryOut(
          context,
          arguments,
          live -> BridgedNics.of(arguments, host(context)).stop(host(context), live));
    }
  }

  static boolean isWithoutBridge(ScriptArguments arguments) {
    return arguments.value("bridge").equals(Optional.of("null"));
  }

  @Override
  void status(ScriptContext context, ScriptArguments arguments) {
    Host host = host(context);
    List<String> devices = BridgedNics.of(arguments, host).devices();
    new StatusReport(host, devices).lines().forEach(context.out()::println);
  }
}
