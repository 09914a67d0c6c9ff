package org.passerelle.doctor.facts;

import java.util.List;

/** All that the checks know of the host. */
public record Facts(
    KernelFacts kernel,
    XenFacts xen,
    Settings settings,
    FilterFacts filter,
    NetFacts net,
    DhcpFacts dhcp,
    OwnFacts own) {

  /** The NICs by which guests go out, or would; none where nobody knows. */
  public List<String> waysOut() {
    return own.routes()
        ? own.started().stream().map(OwnFacts::deviceOf).distinct().toList()
        : net.uplink().stream().toList();
  }
}
