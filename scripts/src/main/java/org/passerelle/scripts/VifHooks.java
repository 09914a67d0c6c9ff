package org.passerelle.scripts;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.passerelle.link.list.Lists;
import org.passerelle.link.plan.Host;

/**
 * The host's hooks for a vif or tap. One that the originals source finds there in the shell's
 * variables what it finds here in its environment.
 */
record VifHooks(ScriptContext context, VifCall call, BackendStore store) {

  /**
   * @param device attached or released, by the name that it has then
   */
  void run(String device) {
    Hooks hooks = Hooks.of(context.environment());
    if (!hooks.isEmpty()) {
      hooks.run(variables(device));
    }
  }

  private Map<String, String> variables(String device) {
    Map<String, String> variables = new HashMap<>(context.environment());
    variables.put("command", call.command());
    variables.put("dev", device);
    variables.put("type_if", call.isVif() ? "vif" : "tap");
    variables.put("XENBUS_PATH", call.backend().path());
    variables.put(
        "ip", store.tolerant().flatMap(s -> VifSettings.setting(call, s, "ip")).orElse(""));
    variables.put("main_ip", mainIp());
    return variables;
  }

  /** dom0's own address, that of {@code netdev}, unless it is given. */
  private String mainIp() {
    String netdev = call.valueOf("netdev").isEmpty() ? "eth0" : call.valueOf("netdev");
    return Optional.of(call.valueOf("main_ip"))
        .filter(given -> !given.isEmpty())
        .or(
            () ->
                Lists.first(
                        Lists.map(
                            new Host(context.kernel()).addresses(netdev),
                            address -> address.local().address()),
                        Inet4Address.class::isInstance)
                    .map(InetAddress::getHostAddress))
        .orElse("");
  }
}
