package org.passerelle.scripts;

import java.util.List;
import org.passerelle.link.list.Lists;
import org.passerelle.scripts.UsageEntry.Kind;

/** What several scripts' tables have in common. */
final class UsageTables {
  static final UsageEntry GUARDING =
      UsageEntry.word(
          HostAntispoof.KEY, "yes: vifs attached from then on send from their own addresses", "no");

  static final UsageEntry SWITCHING =
      UsageEntry.word(
          Switching.KEY, "who tags: kernel, userspace; auto: the kernel, where it can", "auto");

  static final UsageEntry VLAN_NETDEV = UsageEntry.word("netdev", "the NIC", "eth0");

  static final UsageEntry ROUTED_NETDEV =
      UsageEntry.word(ForwardingScript.NETDEV, "the device that leads outside", "eth0");

  static final UsageEntry FORWARDED_IPV6 =
      UsageEntry.word(
          ForwardingScript.IPV6, "yes, no: forward IPv6", "yes where netdev has a global address");

  static final UsageEntry LIMITING =
      UsageEntry.word(
          HostServices.KEY, "what guests reach of dom0: tcp:22,udp:53, none, any", "any");

  static final UsageEntry GUARDED =
      UsageEntry.setting(
          HostAntispoof.KEY, "yes, no: whether the guest is held to mac and ip", "the host's");

  static final UsageEntry LIMITED =
      UsageEntry.setting(
          HostServices.KEY, "what the guest reaches of dom0: tcp:22, none, any", "the host's");

  private static final List<UsageEntry> EVERYWHERE =
      List.of(
          variable("PASSERELLE_RUN_DIR", "where marks, journals and locks are", "/run/passerelle"),
          variable("PASSERELLE_JAVA_HOME", "a Java runtime, 25 or newer", "what the build made"),
          variable("XENSTORED_PATH", "XenStore's socket", "that of XENSTORED_RUNDIR"),
          variable("XEN_LOG_DIR", "where xen-hotplug.log is", "/var/log/xen"),
          UsageEntry.of(
              Kind.FILE, "/run/passerelle", "what scripts must know of each other, until a reboot"),
          UsageEntry.of(Kind.FILE, "xen-hotplug.log", "errors; syslog has all messages"));

  static final List<UsageEntry> NETWORK =
      Lists.concat(
          List.of(
              UsageEntry.of(
                  Kind.STORE,
                  "hotplug-status",
                  "of vifs whose script was killed, and of no others")),
          EVERYWHERE);

  static final List<UsageEntry> VIF =
      Lists.concat(
          List.of(
              UsageEntry.call("vif", "the device, for online and offline", ""),
              UsageEntry.call("XENBUS_PATH", "its directory in XenStore, as backend/vif/7/0", ""),
              UsageEntry.call("type_if", "vif; tap: for add and remove", "vif"),
              UsageEntry.call("INTERFACE", "the tap, as vif7.0-emu, for add and remove", ""),
              UsageEntry.call("UDEV_CALL", "set by udev: nothing is done if XenStore says so", ""),
              UsageEntry.call("netdev", "dom0's device to the outside", "eth0"),
              UsageEntry.call("main_ip", "what hooks are told", "the address of netdev"),
              UsageEntry.node("vifname", "the name that the device gets", "its own"),
              UsageEntry.node("mac", "the guest's, for antispoof and dhcp", ""),
              UsageEntry.of(Kind.STORE, "libxl/disable_udev", "see UDEV_CALL"),
              UsageEntry.of(Kind.RESULT, "hotplug-status", "connected, or error"),
              UsageEntry.of(Kind.RESULT, "hotplug-error", "what went wrong"),
              variable(
                  "XEN_SCRIPT_DIR", "where vif-post.d with its *.hook is", "/etc/xen/scripts")),
          EVERYWHERE);

  private UsageTables() {}

  private static UsageEntry variable(String key, String meaning, String otherwise) {
    return new UsageEntry(Kind.VARIABLE, key, meaning, otherwise);
  }
}
