package org.passerelle.link.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.passerelle.link.ethtool.FeatureMessages;
import org.passerelle.link.netlink.NetlinkConversation;
import org.passerelle.link.netlink.NetlinkMessage;
import org.passerelle.link.port.Frame;
import org.passerelle.link.port.Frames;
import org.passerelle.link.port.LinkPort;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.link.testing.Needs;
import org.passerelle.link.wire.CapturedFrames;

@Needs({Capability.NET_ADMIN, Capability.VETH, Capability.PACKET_SOCKET, Capability.IPROUTE2})
class VethPortsTest extends LinkPortTest {
  // linux/genetlink.h, linux/ethtool_netlink.h
  private static final int GENERIC_HEADER = 4;
  private static final int FEATURES_ACTIVE = 4;
  private static final int BITS = 3;
  private static final int BIT_NAME = 2;

  private final VethPorts ports = remember(new VethPorts());

  @Override
  LinkPort link(NamespaceShell where, String name) {
    return remember(where.call(() -> ports.open(name)));
  }

  @Test
  void isALinkOfTheNamespaceUntilItIsClosed() {
    LinkPort port = link(namespace, "vif1.0");
    assertThat(port.name()).isEqualTo("vif1.0");
    assertThat(namespace.sh("ip -d link show vif1.0")).contains("veth").contains("state DOWN");
    port.close();
    assertThat(namespace.sh("ip -o link")).doesNotContain("vif1.0").contains("lo");
  }

  @Test
  void severalHaveOneName() {
    NamespaceShell second = new NamespaceShell(namespaces.create());
    link(namespace, "eth0");
    link(second, "eth0");
    assertThatThrownBy(() -> link(second, "eth0"))
        .isInstanceOf(KernelException.class)
        .hasMessageStartingWith("create eth0")
        .hasMessageContaining("EEXIST");
  }

  @Test
  void worksUnderAnotherName() {
    LinkPort port = quietLink(namespace, "10.0.0.1");
    namespace.ip("link set link0 down", "link set link0 name other", "link set other up");
    port.offloads(true, true, true);
    assertThat(datagram(port, "other").checksumBlank()).isTrue();
  }

  @Test
  void worksInAnotherNamespace() {
    NamespaceShell second = new NamespaceShell(namespaces.create());
    LinkPort port = link(namespace, "link0");
    try (Namespace target = second.call(Namespace::current);
        NetlinkKernel kernel = namespace.namespace().kernel()) {
      kernel.change("link0", LinkChange.builder().namespace(target.descriptor()).build());
    }
    second.silence("link0");
    second.ip("link set link0 address 00:16:3e:00:00:02 up", "addr add 10.0.0.2/24 dev link0");
    port.offloads(true, true, true);
    port.carrier(true);
    assertThat(port.send(Frames.of(CapturedFrames.ARP_REQUEST))).isTrue();
    assertThat(Frames.hex(await(port))).isEqualTo(CapturedFrames.ARP_REPLY.replace(" ", ""));
    port.close();
    assertThat(second.sh("ip -o link")).doesNotContain("link0");
  }

  /** A guest's UDP segments and tunnels are more than netif's slots can tell of. */
  @Test
  void theKernelDoesWhatAFrameCannotTellOf() {
    LinkPort port = link(namespace, "link0");
    port.offloads(true, true, false);
    assertThat(undone("link0"))
        .containsExactlyInAnyOrder("tx-checksum-ip-generic", "tx-tcp-segmentation");
    port.offloads(false, true, true);
    assertThat(undone("link0")).isEmpty();
  }

  /** The features that are on and leave work to whoever gets the frame. */
  private List<String> undone(String link) {
    return namespace.call(
        () -> {
          try (NetlinkSocket socket = NetlinkSocket.open(NetlinkSocket.GENERIC)) {
            NetlinkConversation ethtool = new NetlinkConversation(socket);
            int family = FeatureMessages.family(ethtool.get(FeatureMessages.family()));
            NetlinkMessage answer =
                ethtool.get(FeatureMessages.get(family, SocketCalls.linkIndex(link)));
            List<String> names = new ArrayList<>();
            answer
                .attributes(GENERIC_HEADER)
                .nested(FEATURES_ACTIVE)
                .nested(BITS)
                .forEach(bit -> names.add(bit.nested().text(BIT_NAME)));
            return names.stream()
                .filter(name -> name.matches("tx-(checksum-.*|gso-.*|.*-segmentation)"))
                .toList();
          }
        });
  }

  @Test
  void aDeletedLinkIsReported() {
    LinkPort port = quietLink(namespace, "10.0.0.1");
    namespace.ip("link del link0");
    Frame frame = Frames.of(CapturedFrames.ARP_REQUEST);
    assertThatThrownBy(() -> port.send(frame))
        .isInstanceOf(KernelException.class)
        .hasMessageStartingWith("send from link link0: ENXIO")
        .hasMessageEndingWith("the link was deleted; make it again");
    port.close();
  }
}
