package org.passerelle.link.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.passerelle.link.port.Frame;
import org.passerelle.link.port.Frames;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.link.testing.Needs;
import org.passerelle.link.testing.TestNamespaces;
import org.passerelle.link.wire.CapturedFrames;

@Needs({
  Capability.NET_ADMIN,
  Capability.VETH,
  Capability.PACKET_SOCKET,
  Capability.INGRESS_DROP,
  Capability.IPROUTE2
})
class IngressDropTest {
  @RegisterExtension final TestNamespaces namespaces = new TestNamespaces();

  private Namespace here;
  private Namespace there;

  @BeforeEach
  void wire() {
    here = namespaces.create();
    there = namespaces.create();
    namespaces.wire(here, "eth0", there, "eth0");
    namespaces.address(here, "eth0", "192.0.2.1/24");
    namespaces.address(there, "eth0", "192.0.2.2/24");
  }

  private boolean answersWithin(int seconds) {
    return new NamespaceShell(there)
        .call(
            () ->
                new ProcessBuilder("ping", "-c1", "-W" + seconds, "192.0.2.1")
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                    == 0);
  }

  @Test
  void theHostsOwnProtocolsHearNothingUntilItEnds() {
    assertThat(answersWithin(20)).isTrue();
    try (IngressDrop _ = here.call(() -> IngressDrop.on("eth0"))) {
      assertThat(answersWithin(1)).isFalse();
      try (NetlinkKernel kernel = here.kernel()) {
        kernel.change("eth0", LinkChange.builder().up(false).name("peth0").build());
        kernel.change("peth0", LinkChange.builder().up(true).build());
      }
      assertThat(answersWithin(1)).as("renamed").isFalse();
    }
    assertThat(answersWithin(20)).isTrue();
  }

  @Test
  void packetSocketsHearAllTheSame() {
    Frame received = Frames.empty();
    try (IngressDrop _ = here.call(() -> IngressDrop.on("eth0"));
        PacketSocket ours = here.call(() -> PacketSocket.open("eth0"));
        PacketSocket theirs = there.call(() -> PacketSocket.open("eth0"))) {
      theirs.send(Frames.of(CapturedFrames.ARP_REQUEST));
      String hex = "";
      while (!hex.equals(CapturedFrames.ARP_REQUEST.replace(" ", "")) && ours.receive(received)) {
        hex = Frames.hex(received); // the kernels may have had something to say first
      }
      assertThat(hex).isEqualTo(CapturedFrames.ARP_REQUEST.replace(" ", ""));
    }
  }

  @Test
  void refusesALinkThatSomebodyElseFilters() {
    new NamespaceShell(here).sh("tc qdisc add dev eth0 clsact");
    assertThatThrownBy(() -> here.call(() -> IngressDrop.on("eth0")))
        .isInstanceOf(KernelException.class)
        .hasMessageStartingWith(
            "keep what comes in by eth0 from the host's own protocols: EEXIST (17, File exists):"
                + " the link has filters of somebody else's");
    assertThat(new NamespaceShell(here).sh("tc qdisc show dev eth0")).contains("clsact");
  }

  @Test
  void aLinkThatIsGoneTakesItAlong() {
    IngressDrop drop = here.call(() -> IngressDrop.on("eth0"));
    try (NetlinkKernel kernel = here.kernel()) {
      kernel.delete("eth0");
    }
    drop.close();
    assertThatThrownBy(() -> here.call(() -> IngressDrop.on("eth0")))
        .hasMessageStartingWith("find link eth0: ENODEV");
  }
}
