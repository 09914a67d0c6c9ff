package org.passerelle.netback;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.passerelle.hypervisor.DomainContext;
import org.passerelle.link.os.Capability;
import org.passerelle.link.os.Namespace;
import org.passerelle.link.os.NetlinkKernel;
import org.passerelle.link.os.Tap;
import org.passerelle.link.port.Port;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.link.testing.Needs;
import org.passerelle.link.testing.TestNamespaces;
import org.passerelle.link.wire.MacAddress;
import org.passerelle.netback.protocol.Offloads;
import org.passerelle.netback.testing.Host;

/** The kernel's own traffic through the ring: a tap in the guest's namespace, one in the host's. */
@Timeout(60)
@Needs({Capability.NET_ADMIN, Capability.TAP})
class TapPathTest {

  @TempDir Path directory;
  @RegisterExtension final TestNamespaces namespaces = new TestNamespaces();
  private Namespace inside;
  private Namespace outside;
  private Host host;
  private NetbackDriver backend;
  private NetfrontDriver frontend;
  private VifKey vif;

  /** A tap as either end of the vif. */
  private record TapDevice(Tap tap) implements NetDevice {
    @Override
    public Port port() {
      return tap;
    }

    @Override
    public void carrier(boolean on) {
      tap.carrier(on);
    }

    @Override
    public void peerAccepts(Offloads offloads) {
      tap.offloads(
          offloads.checksumV4() && offloads.checksumV6(), offloads.gsoV4(), offloads.gsoV6());
    }

    @Override
    public void close() {
      tap.close();
    }
  }

  private NetDevice open(Namespace where, String name, MacAddress mac, OptionalInt mtu) {
    Tap tap = where.call(() -> Tap.open(name));
    LinkChange.Builder change = LinkChange.builder().mac(mac).up(true);
    mtu.ifPresent(change::mtu);
    tap.carrier(false);
    try (NetlinkKernel kernel = where.kernel()) {
      kernel.change(name, change.build());
    }
    return new TapDevice(tap);
  }

  @BeforeEach
  void connect() {
    inside = namespaces.create();
    outside = namespaces.create();
    host = new Host(directory);
    backend =
        new NetbackDriver(
            host.hypervisor.dom0(),
            name -> open(outside, name, MacAddress.VIF, OptionalInt.empty()),
            host.plane,
            host.xenbus);
    DomainContext guest = host.domain();
    vif = new VifKey(guest.id(), 0);
    frontend =
        new NetfrontDriver(
            guest,
            0,
            (number, mac, mtu) -> open(inside, "eth" + number, mac, mtu),
            host.plane,
            host.xenbus);
    host.makeVif(guest.id());
    host.hotplug(guest.id());
    host.awaitBackend(guest.id(), "4");
    namespaces.address(inside, "eth0", "10.9.0.1/24");
    namespaces.address(inside, "eth0", "fd00:9::1/64");
    namespaces.address(outside, vif.toString(), "10.9.0.2/24");
    namespaces.address(outside, vif.toString(), "fd00:9::2/64");
  }

  @AfterEach
  void disconnect() {
    frontend.close();
    backend.close();
    host.close();
  }

  private static String ping(Namespace from, String to) {
    return from.call(
        () -> {
          Process process =
              new ProcessBuilder("ping", "-n", "-c", "5", "-i", "0.05", "-W", "5", to)
                  .redirectErrorStream(true)
                  .start();
          byte[] output = process.getInputStream().readAllBytes();
          process.waitFor();
          return new String(output, StandardCharsets.UTF_8);
        });
  }

  @ParameterizedTest
  @CsvSource({"10.9.0.2, 10.9.0.1", "fd00:9::2, fd00:9::1"})
  void pingsCrossTheRing(String out, String in) {
    assertThat(ping(inside, out)).contains("5 received");
    assertThat(ping(outside, in)).contains("5 received");
  }

  @ParameterizedTest
  @CsvSource({"10.9.0.2, false", "fd00:9::2, false", "10.9.0.1, true", "fd00:9::1, true"})
  void aTcpStreamCrossesTheRingAsItIs(String address, boolean inwards) throws Exception {
    Namespace server = inwards ? inside : outside;
    Namespace client = inwards ? outside : inside;
    byte[] sent = new byte[8 << 20];
    new Random(1).nextBytes(sent);
    ServerSocket listener =
        server.call(() -> new ServerSocket(0, 1, InetAddress.getByName(address)));
    CompletableFuture<byte[]> received = CompletableFuture.supplyAsync(() -> read(listener, sent));
    try (Socket socket =
        client.call(
            () -> {
              Socket made = new Socket();
              made.connect(new InetSocketAddress(address, listener.getLocalPort()), 10_000);
              return made;
            })) {
      OutputStream out = socket.getOutputStream();
      out.write(sent);
      assertThat(received.get(30, TimeUnit.SECONDS)).isEqualTo(sent);
    }
    checkSegmentsWereKeptWhole(inwards, sent.length);
  }

  private static byte[] read(ServerSocket listener, byte[] sent) {
    try (listener;
        Socket accepted = listener.accept()) {
      byte[] received = new byte[sent.length];
      new DataInputStream(accepted.getInputStream()).readFully(received);
      return received;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Frames longer than a wire's: GSO crossed the ring instead of its segments. */
  private void checkSegmentsWereKeptWhole(boolean inwards, int bytes) {
    VifStatus status = backend.status(vif).orElseThrow();
    Counter frames = inwards ? Counter.RX_FRAMES : Counter.TX_FRAMES;
    assertThat(status.counters().get(frames)).isBetween(bytes / 65536L, bytes / 2000L);
    assertThat(status.death()).isEmpty();
  }

  @Test
  void aDeletedLinkClosesItsVifWithTheReason() {
    try (NetlinkKernel kernel = outside.kernel()) {
      kernel.delete(vif.toString());
    }
    ping(inside, "10.9.0.2");
    Host.await(
        () -> "status " + backend.status(vif),
        () -> backend.status(vif).orElseThrow().death().isPresent());
    assertThat(backend.status(vif).orElseThrow().death().orElseThrow())
        .startsWith(vif + " failed: ")
        .contains("the link was deleted");
    host.awaitFrontend(vif.guest(), "6");
  }

  @Test
  void theGuestsCarrierFollowsTheChannel() {
    assertThat(hasCarrier(inside, "eth0")).isTrue();
    assertThat(hasCarrier(outside, vif.toString())).isTrue();
    backend.close();
    Host.await(() -> "carrier on", () -> !hasCarrier(inside, "eth0"));
  }

  private static boolean hasCarrier(Namespace where, String device) {
    try (NetlinkKernel kernel = where.kernel()) {
      return (kernel.link(device).orElseThrow().flags() & 0x10000) != 0; // IFF_LOWER_UP
    }
  }
}
