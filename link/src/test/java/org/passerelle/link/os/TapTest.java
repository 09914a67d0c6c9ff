package org.passerelle.link.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.passerelle.link.port.Frame;
import org.passerelle.link.port.Frames;
import org.passerelle.link.port.LinkPort;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.testing.Needs;
import org.passerelle.link.wire.CapturedFrames;

@Needs({Capability.NET_ADMIN, Capability.TAP, Capability.IPROUTE2})
class TapTest extends LinkPortTest {

  @Override
  Tap link(NamespaceShell where, String name) {
    return remember(where.call(() -> Tap.open(name)));
  }

  @Test
  void isALinkOfTheNamespaceUntilItIsClosed() {
    Tap tap = link(namespace, "vif%d");
    assertThat(tap.name()).isEqualTo("vif0");
    assertThat(namespace.sh("ip -d link show vif0"))
        .contains("tun type tap pi off vnet_hdr on persist off");
    tap.close();
    assertThat(namespace.sh("ip -o link")).doesNotContain("vif0").contains("lo");
  }

  @Test
  void saysWhatWentWrongAndWhatToDo() {
    link(namespace, "tap0");
    assertThatThrownBy(() -> link(namespace, "tap0"))
        .isInstanceOf(KernelException.class)
        .hasMessage(
            "make tap tap0: EBUSY (16, Device or resource busy): a link of this name exists:"
                + " delete it or choose another name");
    assertThatThrownBy(() -> link(namespace, "a/b"))
        .hasMessageStartingWith("make tap a/b: EINVAL (22, Invalid argument): ");
    assertThatThrownBy(() -> link(namespace, "sixteen-octets-x"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> link(namespace, "")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void leavesAloneATapThatAnAdminMade() {
    namespace.ip("tuntap add dev theirs mode tap vnet_hdr");
    assertThatThrownBy(() -> link(namespace, "theirs"))
        .isInstanceOf(KernelException.class)
        .hasMessageStartingWith("make tap theirs: EBUSY");
  }

  /** It keeps its number, and has a carrier while somebody has its other end; one at a time. */
  @Test
  void oneThatStaysCanBeTakenUpAgain() {
    Tap first = link(namespace, "tap0");
    first.stay();
    int index = namespace.call(() -> SocketCalls.linkIndex("tap0"));
    namespace.ip("link set tap0 up");
    assertThatThrownBy(() -> attach("tap0", index))
        .hasMessage(
            "attach to tap tap0: EBUSY (16, Device or resource busy): somebody else has its other"
                + " end");
    first.close();
    assertThat(namespace.sh("ip -d link show tap0"))
        .contains("persist on")
        .doesNotContain("LOWER_UP");
    assertThatThrownBy(() -> attach("tap0", index + 1)).hasMessageContaining("ENODEV");
    Tap again = attach("tap0", index);
    assertThat(namespace.sh("ip link show tap0")).contains("LOWER_UP");
    again.offloads(true, true, true);
    assertThat(again.send(Frames.of(CapturedFrames.ARP_REQUEST))).isTrue();
    assertThatThrownBy(() -> attach("tap1", 7)).hasMessageContaining("ENODEV");
    assertThat(namespace.sh("ip -o link")).doesNotContain("tap1");
  }

  private Tap attach(String name, int index) {
    return remember(namespace.call(() -> Tap.attach(name, index)));
  }

  @Test
  void metadataThatLieAndLinksThatAreDownCostTheFrameOnly() {
    Tap tap = link(namespace, "tap0");
    Frame liar = Frames.of(CapturedFrames.ARP_REQUEST);
    liar.checksum(true, true);
    assertThat(tap.send(liar)).isTrue();
    assertThat(tap.send(Frames.of(CapturedFrames.ARP_REQUEST))).isTrue();
    assertThat(tap.dropped()).isEqualTo(2);
  }

  @Test
  void aDeletedLinkIsReported() {
    LinkPort tap = quietLink(namespace, "10.0.0.1");
    namespace.ip("link del link0");
    Frame frame = Frames.of(CapturedFrames.ARP_REQUEST);
    assertThatThrownBy(() -> tap.send(frame))
        .isInstanceOf(KernelException.class)
        .hasMessage(
            "write to tap link0: EBADFD (77, File descriptor in bad state):"
                + " the link was deleted; make it again");
    assertThatThrownBy(() -> tap.receive(frame)).hasMessageStartingWith("read from tap link0: ");
  }
}
