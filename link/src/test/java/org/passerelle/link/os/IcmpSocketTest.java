package org.passerelle.link.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.testing.Needs;
import org.passerelle.link.testing.TestNamespaces;
import org.passerelle.link.wire.IpPrefix;

@Needs({Capability.NET_ADMIN, Capability.VETH})
class IcmpSocketTest {
  private static final byte[] PAYLOAD = "seventeen octets!".getBytes();
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  @RegisterExtension final TestNamespaces namespaces = new TestNamespaces();

  private Namespace near;

  @BeforeEach
  void wire() {
    near = namespaces.create();
    Namespace far = namespaces.create();
    namespaces.wire(near, "eth0", far, "eth0");
    namespaces.address(near, "eth0", "192.0.2.1/24");
    namespaces.address(far, "eth0", "192.0.2.2/24");
    namespaces.address(near, "eth0", "2001:db8::1/64");
    namespaces.address(far, "eth0", "2001:db8::2/64");
  }

  @Test
  void echoOfIpv4() {
    assertEcho(near.call(IcmpSocket::v4), IpPrefix.address("192.0.2.2"));
  }

  @Test
  void echoOfIpv6() {
    assertEcho(near.call(IcmpSocket::v6), IpPrefix.address("2001:db8::2"));
  }

  /** To an address that the other end has no way back to, nothing is heard. */
  @Test
  void sendsFromTheAddressThatItIsBoundTo() {
    namespaces.address(near, "eth0", "198.51.100.1/24");
    InetAddress far = IpPrefix.address("192.0.2.2");
    try (IcmpSocket socket = near.call(IcmpSocket::v4)) {
      socket.bindTo(IpPrefix.address("192.0.2.1"));
      socket.send(far, 1, 1, PAYLOAD);
      assertThat(socket.receive(PATIENCE)).isPresent();
    }
    try (IcmpSocket socket = near.call(IcmpSocket::v4)) {
      socket.bindTo(IpPrefix.address("198.51.100.1"));
      socket.send(far, 1, 1, PAYLOAD);
      assertThat(socket.receive(Duration.ofMillis(200))).isEmpty();
    }
    try (IcmpSocket socket = near.call(IcmpSocket::v6)) {
      assertThatThrownBy(() -> socket.bindTo(IpPrefix.address("2001:db8::99")))
          .hasMessageStartingWith("send echo requests from 2001:db8:0:0:0:0:0:99: EADDRNOTAVAIL");
    }
  }

  private static void assertEcho(IcmpSocket socket, InetAddress to) {
    try (socket) {
      socket.bindToDevice("eth0");
      socket.send(to, 0xBEEF, 0xFFFE, PAYLOAD);
      IcmpSocket.Reply reply = socket.receive(PATIENCE).orElseThrow();
      assertThat(reply.from()).isEqualTo(to);
      assertThat(reply.identifier()).isEqualTo(0xBEEF);
      assertThat(reply.sequence()).isEqualTo(0xFFFE);
      assertThat(reply.payload()).isEqualTo(PAYLOAD);
    }
  }

  /** On the loopback device our own request comes in as well. */
  @Test
  void ownRequestIsNoReply() {
    try (IcmpSocket socket = near.call(IcmpSocket::v4)) {
      socket.send(IpPrefix.address("127.0.0.1"), 1, 2, PAYLOAD);
      assertThat(socket.receive(PATIENCE))
          .hasValueSatisfying(r -> assertThat(r.sequence()).isEqualTo(2));
      assertThat(socket.receive(Duration.ofMillis(50))).isEmpty();
    }
  }

  @Test
  void silenceEndsInTime() {
    try (IcmpSocket socket = near.call(IcmpSocket::v4)) {
      socket.send(IpPrefix.address("192.0.2.77"), 1, 1, PAYLOAD);
      long start = System.nanoTime();
      Optional<IcmpSocket.Reply> reply = socket.receive(Duration.ofMillis(200));
      assertThat(reply).isEmpty();
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isBetween(Duration.ofMillis(190), Duration.ofSeconds(5));
    }
  }

  @Test
  void refusalsAreNamed() {
    try (IcmpSocket socket = near.call(IcmpSocket::v4)) {
      assertThatThrownBy(() -> socket.send(IpPrefix.address("10.0.0.1"), 1, 1, PAYLOAD))
          .isInstanceOf(KernelException.class)
          .hasMessage(
              "send an echo request to 10.0.0.1: ENETUNREACH (101, Network is unreachable)");
      assertThatThrownBy(() -> socket.bindToDevice("nosuch0"))
          .hasMessage("bind an ICMP socket to nosuch0: ENODEV (19, No such device)");
      assertThatThrownBy(() -> socket.send(IpPrefix.address("::1"), 1, 1, PAYLOAD))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
