package org.passerelle.link.os;

import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.rtnl.LinkKind;
import org.passerelle.link.rtnl.LinkSpec;
import org.passerelle.link.rtnl.RawAttribute;
import org.passerelle.link.rtnl.VethKind;

/** Tries each capability once. What changes anything does so in a namespace that ends with it. */
final class CapabilityProbe {
  private static final String LINK = "probe";
  private static final String LOWER = "probe0";

  /** IFLA_VLAN_ID (linux/if_link.h), u16. */
  private static final int VLAN_ID = 1;

  /** TUNSETIFF with IFF_TAP and IFF_NO_PI in a struct ifreq (linux/if_tun.h). */
  private static final long TUNSETIFF = 0x400454caL;

  private static final int IFREQ_SIZE = 40;
  private static final int IFREQ_FLAGS = 16;
  private static final short TAP_WITHOUT_HEADER = 0x1002;

  private CapabilityProbe() {}

  /** Why the host lacks it; empty when it does not. */
  static Optional<String> missing(Capability capability) {
    try {
      attempt(capability);
      return Optional.empty();
    } catch (KernelException | Absent e) {
      return Optional.of(e.getMessage());
    }
  }

  private static void attempt(Capability capability) {
    switch (capability) {
      case NET_ADMIN -> Namespace.create().close();
      case TAP -> inScratch(CapabilityProbe::openTap);
      case VETH -> create(new VethKind("probe1"));
      case BRIDGE -> create(new Plain("bridge", List.of()));
      case PACKET_SOCKET -> inScratch(CapabilityProbe::openPacketSocket);
      case INGRESS_DROP -> inScratch(() -> IngressDrop.on("lo").close());
      case VLAN_8021Q -> vlan();
      case BRIDGE_VLAN_FILTERING -> vlanFiltering();
      case BONDING -> create(new Plain("bond", List.of()));
      case CGROUP2 -> controllers();
      case NFTABLES -> nftables();
      case LIBPCAP -> library("libpcap.so.0.8", "libpcap.so.1");
      case IPROUTE2 -> command("ip");
      case NFT -> command("nft");
      case IPTABLES -> command("iptables");
      case STRACE -> command("strace");
      case TCPDUMP -> command("tcpdump");
      case TSHARK -> command("tshark");
      case DNSMASQ -> command("dnsmasq");
      case DHCP_CLIENT -> command("udhcpc");
      case DHCPCD -> command("dhcpcd");
      case NETWORKD -> exists("/lib/systemd/systemd-networkd");
      case USER_NAMESPACES -> userNamespaces();
      case OTHER_USERS -> otherUsers();
      case XEN -> xen();
    }
  }

  private static void inScratch(Runnable attempt) {
    try (Namespace scratch = Namespace.create()) {
      scratch.run(attempt);
    }
  }

  /** Makes a link in a scratch namespace and reads it back. */
  private static Link create(LinkKind kind, LinkKind... before) {
    try (Namespace scratch = Namespace.create();
        NetlinkKernel kernel = scratch.kernel()) {
      for (LinkKind lower : before) {
        kernel.create(LinkSpec.of(LOWER, lower));
      }
      kernel.create(LinkSpec.of(LINK, kind));
      return kernel.link(LINK).orElseThrow(() -> new Absent(kind.name() + " links vanish"));
    }
  }

  private static void openTap() {
    byte[] request = Sockets.buffer(IFREQ_SIZE).putShort(IFREQ_FLAGS, TAP_WITHOUT_HEADER).array();
    int tap = Libc.open("/dev/net/tun", Libc.O_RDWR, "open /dev/net/tun");
    try {
      Libc.ioctl(tap, TUNSETIFF, request, "make a tap (TUNSETIFF)");
    } finally {
      Libc.close(tap);
    }
  }

  private static void openPacketSocket() {
    Libc.close(Libc.socket(Libc.AF_PACKET, Libc.SOCK_RAW, 0, "open a packet socket"));
  }

  private static void vlan() {
    byte[] id = Sockets.buffer(2).putShort((short) 1).array();
    create(
        new Plain("vlan", List.of(new RawAttribute(VLAN_ID, id)), Optional.of(LOWER)),
        new VethKind("probe1"));
  }

  private static void vlanFiltering() {
    try (NetlinkKernel kernel = NetlinkKernel.open()) {
      if (!kernel.filtersVlans()) {
        throw new Absent("the kernel's bridges do not look at VLAN tags");
      }
    }
  }

  /** Where the second version is only a mount beside the first, it has no controllers to give. */
  private static void controllers() {
    String file = "/sys/fs/cgroup/cgroup.controllers";
    exists(file);
    refuseValue(file, "");
  }

  private static void nftables() {
    inScratch(NfTables::ask);
    library("libnftables.so.1");
  }

  private static void library(String... names) {
    String cause = "";
    for (String name : names) {
      try {
        NativeLibrary.getInstance(name).close();
        return;
      } catch (UnsatisfiedLinkError e) {
        cause = e.getMessage().lines().findFirst().orElse(name);
      }
    }
    throw new Absent(cause);
  }

  private static void command(String name) {
    if (Programs.find(name).isEmpty()) {
      throw new Absent("no " + name + " in " + Programs.path());
    }
  }

  private static void userNamespaces() {
    refuseValue("/proc/sys/user/max_user_namespaces", "0");
    refuseValue("/proc/sys/kernel/unprivileged_userns_clone", "0");
    refuseValue("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1");
    exists("/proc/self/ns/user");
  }

  /** Distributions have different switches; one that is not there forbids nothing. */
  private static void refuseValue(String file, String forbidding) {
    try {
      if (Files.readString(Path.of(file)).strip().equals(forbidding)) {
        throw new Absent(file + " is " + forbidding);
      }
    } catch (NoSuchFileException e) {
      return;
    } catch (IOException e) {
      throw new Absent("read " + file + ": " + e);
    }
  }

  private static void otherUsers() {
    HostUser user = HostUser.current();
    if (!user.root()) {
      throw new Absent("this is user " + user.id() + ", or root in a user namespace");
    }
  }

  private static void xen() {
    List.of("/dev/xen/gntdev", "/dev/xen/evtchn", "/dev/xen/xenbus")
        .forEach(CapabilityProbe::openDevice);
  }

  private static void openDevice(String path) {
    Libc.close(Libc.open(path, Libc.O_RDWR, "open " + path));
  }

  private static void exists(String path) {
    if (Files.notExists(Path.of(path))) {
      throw new Absent("there is no " + path);
    }
  }

  /** A kind with settings of which only the numbers matter here. */
  private record Plain(String name, List<RawAttribute> data, Optional<String> lower)
      implements LinkKind {
    Plain(String name, List<RawAttribute> data) {
      this(name, data, Optional.empty());
    }

    @Override
    public String ipArguments() {
      return "";
    }
  }

  /** An attempt that went wrong without an errno. */
  private static final class Absent extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Absent(String cause) {
      super(cause);
    }
  }
}
