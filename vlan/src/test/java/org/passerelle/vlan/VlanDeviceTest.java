package org.passerelle.vlan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.passerelle.link.os.Capability;
import org.passerelle.link.os.Namespace;
import org.passerelle.link.os.NetlinkKernel;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.link.rtnl.LinkSpec;
import org.passerelle.link.rtnl.VethKind;
import org.passerelle.link.rtnl.VlanFlags;
import org.passerelle.link.testing.IpCommand;
import org.passerelle.link.testing.Needs;
import org.passerelle.link.testing.TestNamespaces;
import org.passerelle.link.wire.EtherType;
import org.passerelle.link.wire.VlanId;

/** VLAN devices of the real kernel, against what ip(8) says of them. */
@Needs({Capability.NET_ADMIN, Capability.VETH, Capability.IPROUTE2, Capability.VLAN_8021Q})
class VlanDeviceTest {
  private static final VlanKind PLAIN = new VlanKind("eth0", new VlanId(100));

  @RegisterExtension final TestNamespaces namespaces = new TestNamespaces();

  private NetlinkKernel kernel;
  private IpCommand ip;

  @BeforeEach
  void open() {
    Namespace namespace = namespaces.create();
    kernel = namespace.kernel();
    ip = new IpCommand(namespace);
    kernel.create(LinkSpec.of("eth0", new VethKind("wire")));
  }

  @AfterEach
  void close() {
    kernel.close();
  }

  @Test
  void isMadeAsIpShowsIt() {
    kernel.create(LinkSpec.of("eth0.100", PLAIN));
    assertThat(ip.one("link show dev eth0.100")).containsEntry("link", "eth0");
    assertThat(shown("eth0.100"))
        .containsEntry("protocol", "802.1Q")
        .containsEntry("id", 100L)
        .containsEntry("flags", List.of("REORDER_HDR"));
    assertThat(read("eth0.100"))
        .isEqualTo(new VlanKind("eth0", new VlanId(100), EtherType.VLAN, reordering()));
  }

  private static VlanFlags reordering() {
    return new VlanFlags(0, 0x1f).with(VlanFlags.Flag.REORDER_HDR, true);
  }

  @Test
  void isReadAsIpMadeIt() {
    ip.run("link add link eth0 name s200 type vlan id 200 protocol 802.1ad loose_binding on");
    VlanFlags flags = reordering().with(VlanFlags.Flag.LOOSE_BINDING, true);
    VlanKind read = read("s200");
    assertThat(read)
        .isEqualTo(new VlanKind("eth0", new VlanId(200), EtherType.SERVICE_VLAN, flags));
    kernel.delete("s200");
    kernel.create(LinkSpec.of("s200", read));
    assertThat(read("s200")).isEqualTo(read);
  }

  @Test
  void flagsChangeWhileItIsThere() {
    kernel.create(LinkSpec.of("eth0.100", PLAIN));
    VlanKind loose =
        new VlanKind(
            "eth0",
            new VlanId(100),
            EtherType.VLAN,
            VlanFlags.DEFAULT.with(VlanFlags.Flag.LOOSE_BINDING, true));
    kernel.change("eth0.100", LinkChange.builder().kind(loose).build());
    assertThat(shown("eth0.100")).containsEntry("flags", List.of("REORDER_HDR", "LOOSE_BINDING"));
  }

  /** The number is the kernel's name for it, whatever the device below is called by then. */
  @Test
  void staysOnItsDeviceWhenThatIsRenamed() {
    kernel.create(LinkSpec.of("eth0.100", PLAIN));
    kernel.change("eth0", LinkChange.builder().name("peth0").build());
    Link vlan = kernel.link("eth0.100").orElseThrow();
    assertThat(vlan.lower()).isEqualTo(kernel.link("peth0").orElseThrow().index());
    assertThat(ip.one("link show dev eth0.100")).containsEntry("link", "peth0");
  }

  @Test
  void oneDeviceHasANumberOnce() {
    kernel.create(LinkSpec.of("eth0.100", PLAIN));
    assertThatThrownBy(() -> kernel.create(LinkSpec.of("other", PLAIN)))
        .isInstanceOf(KernelException.class)
        .hasMessageContaining("EEXIST");
  }

  private Map<String, Object> shown(String device) {
    Map<String, Object> info = IpCommand.asMap(ip.one("link show dev " + device).get("linkinfo"));
    assertThat(info).containsEntry("info_kind", "vlan");
    return IpCommand.asMap(info.get("info_data"));
  }

  private VlanKind read(String device) {
    return VlanKind.of("eth0", kernel.link(device).orElseThrow().data()).orElseThrow();
  }
}
