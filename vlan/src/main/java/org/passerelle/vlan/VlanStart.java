package org.passerelle.vlan;

import java.util.List;
import java.util.Optional;
import org.passerelle.bridge.BridgeKind;
import org.passerelle.bridge.LinkSteps;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.plan.SetLink;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.rtnl.LinkSpec;
import org.passerelle.link.wire.MacAddress;

/**
 * The plan of {@code network-bridge-vlan start}, for one VLAN or many. A VLAN's device comes before
 * its bridge: it is what a kernel may not be able to give, and then nothing has been made yet.
 */
final class VlanStart {
  private final TaggedNic tagged;
  private final Host host;
  private final Link nic;
  private final Tagger tagger;
  private final BridgeKind bridge;
  private final LinkSteps steps;

  VlanStart(TaggedNic tagged, Host host, Link nic, Tagger tagger, boolean filtering) {
    this.tagged = tagged;
    this.host = host;
    this.nic = nic;
    this.tagger = tagger;
    this.bridge = filtering ? BridgeKind.XEN.withFiltering() : BridgeKind.XEN;
    this.steps = new LinkSteps(host);
  }

  Plan plan(List<VlanBridge> wanted) {
    new VlanChecks(tagged, host, nic).check(wanted);
    steps.set(SetLink.up(nic.name()), Optional.of(nic), "VLANs are up only while their NIC is");
    wanted.forEach(this::add);
    return steps.build();
  }

  private void add(VlanBridge wanted) {
    String device = tagged.device(wanted.vlan());
    device(device, wanted);
    bridge(wanted);
    steps.set(SetLink.master(device, wanted.bridge()), "a port of the bridge");
    steps.set(SetLink.up(device), "ports carry frames when they are up");
    steps.set(SetLink.up(wanted.bridge()), "the bridge forwards when it is up");
  }

  private void device(String device, VlanBridge wanted) {
    if (host.link(device).isEmpty()) {
      steps.create(
          tagger.device(device, nic, wanted.vlan()).withMac(MacAddress.VIF),
          tagged.owner(wanted.vlan()),
          "what " + tagged.netdev() + " carries with the tag " + wanted.vlan());
    }
    steps.noLinkLocal(device);
  }

  /** With dom0's own MAC, should dom0 be given an address there: the port's is nobody's. */
  private void bridge(VlanBridge wanted) {
    if (host.link(wanted.bridge()).isEmpty()) {
      LinkSpec spec = LinkSpec.of(wanted.bridge(), bridge);
      steps.create(
          spec.withMac(host.link(tagged.netdev()).orElse(nic).mac()),
          tagged.owner(wanted.vlan()),
          "the bridge of VLAN " + wanted.vlan());
      steps.noLinkLocal(wanted.bridge());
    }
  }
}
