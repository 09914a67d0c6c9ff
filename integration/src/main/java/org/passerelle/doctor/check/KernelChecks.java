package org.passerelle.doctor.check;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.passerelle.doctor.Finding;
import org.passerelle.doctor.facts.Facts;
import org.passerelle.doctor.facts.KernelFacts;
import org.passerelle.link.os.Capability;
import org.passerelle.link.os.HostCapability;

/** Whether the kernel has what the scripts and labs are made of. */
final class KernelChecks {
  private static final Reporter KERNEL = new Reporter(Finding.Section.KERNEL);

  private KernelChecks() {}

  static Stream<Finding> of(Facts facts) {
    KernelFacts kernel = facts.kernel();
    return Stream.concat(
        kernel.tried().map(KernelChecks::tried).orElseGet(() -> Stream.of(untried(kernel))),
        settings(kernel));
  }

  private static Finding untried(KernelFacts kernel) {
    return KERNEL.unseen(
        "kernel-untried",
        "kernel",
        "what the kernel can was not tried: " + kernel.untried(),
        "run this as root");
  }

  private static Stream<Finding> tried(List<HostCapability> tried) {
    String there =
        tried.stream()
            .filter(HostCapability::present)
            .map(one -> one.capability().description())
            .collect(Collectors.joining(", "));
    Stream<Finding> lacks = tried.stream().filter(one -> !one.present()).map(KernelChecks::lack);
    return there.isEmpty()
        ? lacks
        : Stream.concat(Stream.of(KERNEL.ok("kernel-has", "kernel", "has " + there)), lacks);
  }

  private static Finding lack(HostCapability lack) {
    String name = lack.capability().name().toLowerCase(Locale.ROOT).replace('_', '-');
    return KERNEL.trouble(
        lack.capability() == Capability.BRIDGE,
        "no-" + name,
        "kernel",
        "lacks " + lack.capability().description() + ": " + lack.cause(),
        effect(lack.capability()),
        lack.remedy());
  }

  private static String effect(Capability capability) {
    return switch (capability) {
      case BRIDGE -> "network-bridge and vif-bridge cannot work; labs bridge in user space";
      case VETH -> "network-bridge has no pair for dom0 (generation=keep needs none); no labs";
      case TAP -> "labs have veth pairs in place of taps";
      case PACKET_SOCKET -> "no captures, and no labs that bridge in user space";
      case NFTABLES -> "network-nat, forward=, services= and antispoof=yes are refused";
      case VLAN_8021Q ->
          "VLANs are served in user space, by a process for each NIC, and for each vif that tags"
              + " (passerelle trunk)";
      case BRIDGE_VLAN_FILTERING ->
          "tags of a domain's own pass bridges, and a vif that tags needs switching=userspace";
      default -> "what needs it is refused";
    };
  }

  private static Stream<Finding> settings(KernelFacts kernel) {
    Stream.Builder<Finding> findings = Stream.builder();
    if (!kernel.ipv6()) {
      findings.add(
          KERNEL.warn(
              "no-ipv6",
              "kernel",
              "IPv6 is off",
              "IPv6 addresses in ip= of vifs are left out, with a warning",
              "boot without ipv6.disable=1 if guests are to have IPv6"));
    }
    if (kernel.settingsReadOnly()) {
      findings.add(
          KERNEL.warn(
              "settings-read-only",
              "/proc/sys",
              "is mounted read-only",
              "network-route, network-nat, vif-route and vif-nat do all else, and say which setting"
                  + " stays as it is; without forwarding guests reach nothing outside",
              "set what they name outside of the container, or mount -o remount,rw /proc/sys"));
    }
    return findings.build();
  }
}
