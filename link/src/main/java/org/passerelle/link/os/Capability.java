package org.passerelle.link.os;

/** What a host may be able to do, and who can give it what it lacks. */
public enum Capability {
  NET_ADMIN(Giver.ROOT, "make and change network namespaces", "run as root, or under unshare -Urn"),
  TAP(Giver.ROOT, "tap devices", "run as root; modprobe tun"),
  VETH(Giver.ROOT, "veth pairs", "run as root; modprobe veth"),
  BRIDGE(Giver.ROOT, "the kernel's bridge", "run as root; modprobe bridge"),
  PACKET_SOCKET(Giver.ROOT, "packet sockets", "run as root; modprobe af_packet"),
  INGRESS_DROP(
      Giver.KERNEL,
      "links that only packet sockets hear",
      "modprobe sch_ingress cls_bpf, or a kernel with CONFIG_NET_SCH_INGRESS and"
          + " CONFIG_NET_CLS_BPF"),
  VLAN_8021Q(
      Giver.KERNEL,
      "the kernel's own VLAN devices",
      "modprobe 8021q, or a kernel with CONFIG_VLAN_8021Q; until then VLANs run in user space"),
  BRIDGE_VLAN_FILTERING(
      Giver.KERNEL,
      "VLAN-aware kernel bridges",
      "a kernel with CONFIG_BRIDGE_VLAN_FILTERING; until then one bridge for each VLAN"),
  BONDING(Giver.KERNEL, "bonded NICs", "modprobe bonding, or a kernel with CONFIG_BONDING"),
  CGROUP2(
      Giver.KERNEL,
      "control groups of the second version",
      "mount -t cgroup2 cgroup2 /sys/fs/cgroup, or boot with cgroup_no_v1=all"),
  NFTABLES(
      Giver.APT,
      "nftables, kernel and library",
      "apt-get install libnftables1; a kernel with CONFIG_NF_TABLES"),
  LIBPCAP(Giver.APT, "captures by libpcap", "apt-get install libpcap0.8"),
  IPROUTE2(Giver.APT, "the ip command, which tests compare with", "apt-get install iproute2"),
  NFT(Giver.APT, "the nft command, which tests compare with", "apt-get install nftables"),
  IPTABLES(Giver.APT, "iptables, whose rules others make", "apt-get install iptables"),
  STRACE(Giver.APT, "strace, by which tests kill at a chosen call", "apt-get install strace"),
  TCPDUMP(Giver.APT, "tcpdump, which says what tests let through", "apt-get install tcpdump"),
  TSHARK(Giver.APT, "tshark, which tests read captures with", "apt-get install tshark"),
  DNSMASQ(Giver.APT, "dnsmasq, a DHCP server", "apt-get install dnsmasq-base"),
  DHCP_CLIENT(Giver.APT, "udhcpc, a DHCP client", "apt-get install udhcpc"),
  DHCPCD(Giver.APT, "dhcpcd, a DHCP client", "apt-get install dhcpcd-base"),
  NETWORKD(Giver.APT, "systemd-networkd, a keeper of addresses", "apt-get install systemd"),
  USER_NAMESPACES(
      Giver.KERNEL,
      "namespaces without root",
      "sysctl -w user.max_user_namespaces=10000, kernel.unprivileged_userns_clone=1 (Debian),"
          + " kernel.apparmor_restrict_unprivileged_userns=0 (Ubuntu)"),
  OTHER_USERS(
      Giver.ROOT,
      "processes of other users, which tests start",
      "run as the machine's root, outside of user namespaces"),
  XEN(Giver.XEN, "Xen's devices", "boot this host as a Xen dom0; modprobe xen-gntdev xen-evtchn");

  private final Giver giver;
  private final String description;
  private final String remedy;

  Capability(Giver giver, String description, String remedy) {
    this.giver = giver;
    this.description = description;
    this.remedy = remedy;
  }

  /** What it is, as the end of "this host lacks …". */
  public String description() {
    return description;
  }

  /** What to do when it is absent. */
  public String remedy() {
    return remedy;
  }

  /** True when root on any Linux has it, or Debian's apt installs it: a CI machine must have it. */
  public boolean isObtainable() {
    return giver == Giver.ROOT || giver == Giver.APT;
  }

  private enum Giver {
    ROOT,
    APT,
    KERNEL,
    XEN
  }
}
