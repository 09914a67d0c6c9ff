package org.passerelle.lab.switching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.passerelle.traffic.Talk.next;
import static org.passerelle.traffic.Talk.pings;
import static org.passerelle.traffic.Talk.streamed;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.passerelle.bridge.BridgeKind;
import org.passerelle.link.os.Capability;
import org.passerelle.link.os.Namespace;
import org.passerelle.link.os.PacketSocket;
import org.passerelle.link.port.Frames;
import org.passerelle.link.rtnl.Kernel;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.link.rtnl.LinkSpec;
import org.passerelle.link.testing.Needs;
import org.passerelle.link.testing.TestNamespaces;
import org.passerelle.link.wire.VlanId;
import org.passerelle.vlan.VlanKind;

/**
 * VLANs in user space carry frames: dom0 with two bridges on its NIC's VLANs, {@code gw} outside
 * with the same VLANs, and {@code web}, who knows of none, on dom0's first bridge.
 */
@Needs({
  Capability.NET_ADMIN,
  Capability.VETH,
  Capability.PACKET_SOCKET,
  Capability.INGRESS_DROP,
  Capability.IPROUTE2
})
@Timeout(60)
class VlanTrafficTest {
  private static final LinkChange UP = LinkChange.builder().up(true).build();

  /** More than fits into a segment, many times. */
  private static final int STREAM = 8 << 20;

  @RegisterExtension final TestNamespaces namespaces = new TestNamespaces();

  private final SwitchThread thread = new SwitchThread();
  private Namespace dom0;
  private Namespace gw;
  private Namespace web;
  private SwitchedNamespace inDom0;
  private SwitchedNamespace inGw;

  @BeforeEach
  void hosts() {
    dom0 = namespaces.create();
    gw = namespaces.create();
    web = namespaces.create();
    namespaces.wire(dom0, "eth0", gw, "eth0");
    namespaces.wire(dom0, "vif1.0", web, "eth0");
    inDom0 = new SwitchedNamespace(thread, dom0);
    inGw = new SwitchedNamespace(thread, gw);
    try (Kernel kernel = inDom0.kernel()) {
      for (int id : new int[] {100, 200}) {
        vlan(kernel, id);
        kernel.create(LinkSpec.of("vlanbr" + id, BridgeKind.XEN.withFiltering()));
        kernel.change("eth0." + id, LinkChange.builder().master("vlanbr" + id).build());
        kernel.change("vlanbr" + id, UP);
      }
      kernel.change("vif1.0", LinkChange.builder().master("vlanbr100").build());
    }
    try (Kernel kernel = inGw.kernel()) {
      vlan(kernel, 100);
      vlan(kernel, 200);
    }
    namespaces.address(gw, "eth0", "192.0.2.1/24");
    namespaces.address(dom0, "eth0", "192.0.2.10/24");
    namespaces.address(gw, "eth0.100", "10.0.100.1/24");
    namespaces.address(gw, "eth0.200", "10.0.200.1/24");
    namespaces.address(web, "eth0", "10.0.100.2/24");
  }

  private static void vlan(Kernel kernel, int id) {
    String device = "eth0." + id;
    kernel.create(LinkSpec.of(device, new VlanKind("eth0", new VlanId(id))));
    kernel.change(device, UP);
  }

  @AfterEach
  void end() {
    inDom0.close();
    inGw.close();
    thread.close();
  }

  @Test
  void aVlanReachesItsOwnAndNobodyElse() {
    assertThat(pings(web, "10.0.100.1")).isTrue();
    namespaces.address(web, "eth0", "10.0.200.2/24");
    assertThat(pings(web, "10.0.200.1")).isFalse();
    namespaces.address(web, "eth0", "192.0.2.2/24");
    assertThat(pings(web, "192.0.2.1")).isFalse();
    assertThat(pings(web, "192.0.2.10")).isFalse();
  }

  @Test
  void whatHasNoTagIsTheKernels() {
    assertThat(pings(gw, "192.0.2.10")).isTrue();
    assertThat(pings(dom0, "192.0.2.1")).isTrue();
  }

  /** Frames of 64 kB, with blank checksums, which the devices would cut. */
  @Test
  void aStreamPassesInBothDirections() throws Exception {
    assertThat(streamed(web, gw, "10.0.100.1", STREAM)).isEqualTo(STREAM);
    assertThat(streamed(gw, web, "10.0.100.2", STREAM)).isEqualTo(STREAM);
  }

  /** web's question goes out tagged, and tags of web's own go nowhere. */
  @Test
  void onTheWireThereIsATag() {
    assertThat(pings(web, "10.0.100.1")).isTrue();
    String request = "ffffffffffff 00163e000001 88b5 ";
    PacketSocket there = gw.call(() -> PacketSocket.open("eth0"));
    PacketSocket here = web.call(() -> PacketSocket.open("eth0"));
    try (there;
        here) {
      here.send(Frames.of(request + "00000001"));
      assertThat(next(there))
          .isEqualTo(Frames.hex(Frames.of("ffffffffffff 00163e000001 8100 0064 88b5 00000001")));
      here.send(Frames.of("ffffffffffff 00163e000001 8100 00c8 88b5 00000002"));
      here.send(Frames.of(request + "00000003"));
      assertThat(next(there))
          .isEqualTo(Frames.hex(Frames.of("ffffffffffff 00163e000001 8100 0064 88b5 00000003")));
    }
  }
}
