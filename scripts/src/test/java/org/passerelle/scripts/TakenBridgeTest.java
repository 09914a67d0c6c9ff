package org.passerelle.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.passerelle.bridge.BridgeKind;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.link.rtnl.LinkSpec;

/** network-bridge stop where NetworkManager has a connection for the bridge. */
class TakenBridgeTest {
  private static final String KEEP = "generation=keep";
  private static final String[] ADVICE = {
    "NetworkManager has a connection for xenbr0, and makes it again by that, with",
    "eth0 as its port. To have it go, and eth0 configured by DHCP:",
    "    nmcli connection add type ethernet con-name nic-eth0 ifname eth0",
    "    nmcli connection delete b-1 p-2; nmcli connection up nic-eth0",
    "For addresses that are not of DHCP, end the first line with what the bridge's has (nmcli",
    "-f ipv4 connection show b-1), before that is deleted:",
    "    ipv4.method manual ipv4.addresses ADDRESS/LENGTH ipv4.gateway ROUTER ipv4.dns SERVER"
  };

  private final LeasedHost host;

  TakenBridgeTest(@TempDir Path directory) {
    host = new LeasedHost(directory);
  }

  private void connection(String device, String uuid) throws IOException {
    host.file("run/NetworkManager/devices/" + host.link(device).index(), "connection-uuid=" + uuid);
  }

  @Test
  void stopSaysThatTheBridgeIsMadeAgain() throws IOException {
    assertThat(host.run("start", KEEP)).isZero();
    connection("xenbr0", "b-1");
    connection("eth0", "p-2");
    assertThat(host.run("stop", KEEP)).isZero();
    assertThat(host.out()).containsExactly(ADVICE);
  }

  /** The one that it has made again has no mark of ours. */
  @Test
  void stopSaysWhoseTheBridgeIsThatItLeaves() throws IOException {
    host.kernel.create(LinkSpec.of("xenbr0", BridgeKind.XEN));
    host.kernel.change("eth0", LinkChange.builder().master("xenbr0").build());
    connection("xenbr0", "b-1");
    connection("eth0", "p-2");
    assertThat(host.run("stop")).isZero();
    assertThat(host.out()).containsExactly(ADVICE);
    assertThat(host.kernel.link("xenbr0")).isPresent();
  }

  /** Of what others configure it has connections of its own making, which make nothing. */
  @Test
  void aBridgeThatItOnlyWatchesDoesNotComeAgain() throws IOException {
    assertThat(host.run("start", KEEP)).isZero();
    connection("xenbr0", "b-1");
    connection("eth0", "p-2");
    host.file(
        "run/NetworkManager/system-connections/xenbr0.nmconnection",
        "[connection]",
        "uuid=b-1",
        "[.nmmeta]",
        "external=true");
    assertThat(host.run("stop", KEEP)).isZero();
    assertThat(host.out()).isEmpty();
  }
}
