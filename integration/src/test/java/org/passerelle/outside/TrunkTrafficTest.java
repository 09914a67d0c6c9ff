package org.passerelle.outside;

import static org.assertj.core.api.Assertions.assertThat;
import static org.passerelle.traffic.Talk.pings;
import static org.passerelle.traffic.Talk.streamed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.passerelle.link.os.Capability;
import org.passerelle.link.os.Namespace;
import org.passerelle.link.testing.Needs;

/** What passes a trunk process, that the network scripts have started, and what does not. */
@Needs({
  Capability.NET_ADMIN,
  Capability.TAP,
  Capability.VETH,
  Capability.BRIDGE,
  Capability.PACKET_SOCKET,
  Capability.INGRESS_DROP,
  Capability.IPROUTE2,
  Capability.TCPDUMP
})
class TrunkTrafficTest extends TrunkTest {
  private static final int STREAM = 16 << 20;

  private Namespace one;
  private Namespace two;

  @BeforeEach
  void start() {
    hosts.run("start", "vlans=100,200", "switching=userspace");
    one = hosts.guest("vif1.0", "vlanbr100", "10.0.100.2/24");
    two = hosts.guest("vif2.0", "vlanbr200", "10.0.200.2/24");
  }

  @Test
  void vlansAreNetworksOfTheirOwn() {
    assertThat(pings(one, "10.0.100.1")).isTrue();
    assertThat(pings(two, "10.0.200.1")).isTrue();
    assertThat(pings(hosts.outside(), "10.0.100.2")).isTrue();
    namespaces.address(one, "eth0", "10.0.200.3/24");
    assertThat(pings(one, "10.0.200.1")).isFalse();
    assertThat(pings(one, "10.0.200.2")).isFalse();
    namespaces.address(one, "eth0", "192.0.2.3/24");
    assertThat(pings(one, "192.0.2.1")).isFalse();
    assertThat(pings(one, "192.0.2.10")).isFalse();
  }

  @Test
  void whatHasNoTagIsTheKernels() {
    assertThat(pings(hosts.outside(), "192.0.2.10")).isTrue();
  }

  /** Frames of 64 kB, with blank checksums, which the devices would cut. */
  @Test
  void aStreamPassesInBothDirections() throws Exception {
    assertThat(streamed(one, hosts.outside(), "10.0.100.1", STREAM)).isEqualTo(STREAM);
    assertThat(streamed(hosts.outside(), one, "10.0.100.2", STREAM)).isEqualTo(STREAM);
  }

  /** dom0 may have an address in a VLAN, on its bridge. */
  @Test
  void dom0ItselfIsTagged() throws Exception {
    hosts.dom0().ip("address", "add", "10.0.100.9/24", "dev", "vlanbr100");
    Namespace dom0 = hosts.dom0().open(Namespace::current);
    assertThat(streamed(dom0, hosts.outside(), "10.0.100.1", STREAM)).isEqualTo(STREAM);
    assertThat(streamed(hosts.outside(), dom0, "10.0.100.9", STREAM)).isEqualTo(STREAM);
    dom0.close();
  }

  /** By a program that is not ours, at the NIC, where it sees both directions. */
  @Test
  void onTheWireThereAreTags() throws Exception {
    Process tcpdump =
        hosts.dom0().background(List.of("tcpdump", "-lenp", "-i", "eth0", "-Z", "root"), "seen");
    Path seen = hosts.dom0().file("seen");
    assertThat(Patience.until(text -> text.contains("listening"), () -> read(seen)))
        .contains("listening");
    assertThat(pings(two, "10.0.200.1")).isTrue();
    String reply = "10.0.200.1 > 10.0.200.2: ICMP echo reply";
    assertThat(Patience.until(text -> text.contains(reply), () -> read(seen)))
        .containsPattern("vlan 200, p 0, .*10.0.200.2 > 10.0.200.1: ICMP echo request")
        .containsPattern("vlan 200, p 0, .*" + reply);
    tcpdump.destroy();
    tcpdump.waitFor();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }

  /** A guest's frame, as it comes out of the NIC; the empty answer is no frame. */
  @ParameterizedTest
  @CsvSource({
    "88b5 00000001, 8100 0064 88b5 00000001",
    "8100 a000 88b5 00000001, 8100 a064 88b5 00000001",
    "8100 00c8 88b5 00000001, ''",
    "88a8 0007 88b5 00000001, 8100 0064 88a8 0007 88b5 00000001"
  })
  void guestsFramesGetTheTag(String sent, String arriving) {
    passes(one, "eth0", sent, hosts.outside(), "w0", arriving, "", "8100 0064");
  }

  /** A frame from the wire, as VLAN 100 gets it. */
  @ParameterizedTest
  @CsvSource({
    "8100 0064 88b5 00000001, 88b5 00000001",
    "8100 e064 88b5 00000001, 88b5 00000001",
    "88b5 00000001, ''",
    "8100 0000 88b5 00000001, ''",
    "8100 00c8 88b5 00000001, ''",
    "8100 012c 88b5 00000001, ''",
    "88a8 0064 88b5 00000001, ''",
    "8100 0064 8100 00c8 88b5 00000001, 8100 00c8 88b5 00000001"
  })
  void theWiresFramesLoseTheTag(String sent, String arriving) {
    passes(hosts.outside(), "w0", sent, one, "eth0", arriving, "8100 0064", "");
  }

  /** As {@link FramePath#passes}. */
  private void passes(
      Namespace from,
      String device,
      String sent,
      Namespace to,
      String deviceThere,
      String arriving,
      String tag,
      String tagThere) {
    assertThat(pings(one, "10.0.100.1")).isTrue();
    try (FramePath path = new FramePath(from, device, to, deviceThere)) {
      path.passes(sent, arriving, tag, tagThere);
    }
  }

  /**
   * A bridge on the NIC itself, which does not look at tags, gets what is nobody's, and no more.
   */
  @ParameterizedTest
  @CsvSource({
    "8100 0064 88b5 00000001, ''",
    "8100 012c 88b5 00000001, 8100 012c 88b5 00000001",
    "88a8 0064 88b5 00000001, 88a8 0064 88b5 00000001"
  })
  void theNicsOwnBridgeGetsNoVlansThatAreServed(String sent, String arriving) {
    hosts.dom0().ip("link", "add", "lan", "type", "bridge", "forward_delay", "0", "stp_state", "0");
    hosts.dom0().ip("link", "set", "dev", "lan", "up");
    hosts.dom0().ip("link", "set", "dev", "eth0", "master", "lan");
    Namespace three = hosts.guest("vif3.0", "lan", "192.0.2.3/24");
    assertThat(pings(three, "192.0.2.1")).isTrue();
    passes(hosts.outside(), "w0", sent, three, "eth0", arriving, "", "");
  }

  /** The NIC has a new name, and dom0's traffic runs over a bridge. */
  @Test
  void vlansGoOnWhileTheNicIsRenamed() throws Exception {
    long process = hosts.process().orElseThrow().pid();
    hosts.run("start", "vlans=100,200", "untagged=xenbr0", "switching=userspace");
    assertThat(hosts.link("peth0")).isPresent();
    assertThat(pings(one, "10.0.100.1")).isTrue();
    assertThat(hosts.process().orElseThrow().pid()).isEqualTo(process);
    hosts.run("stop", "untagged=xenbr0");
    assertThat(hosts.link("peth0")).isEmpty();
    assertThat(hosts.process()).isEmpty();
  }
}
