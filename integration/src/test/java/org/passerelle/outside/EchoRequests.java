package org.passerelle.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import org.passerelle.link.os.IcmpSocket;
import org.passerelle.link.os.Namespace;
import org.passerelle.link.rtnl.KernelException;

/** A ping from outside to dom0, every few milliseconds. */
final class EchoRequests implements Traffic {
  private static final int IDENTIFIER = 0x5052;
  private static final int ENETUNREACH = 101;
  private static final int ENOBUFS = 105;
  private static final int EHOSTUNREACH = 113;
  private static final Duration PAUSE = Duration.ofMillis(10);

  private final FutureTask<Void> requests;
  private volatile boolean ending;
  private volatile int sent;
  private volatile int answered;

  EchoRequests(Namespace outside, InetAddress address) {
    boolean v6 = address.getAddress().length == 16;
    IcmpSocket socket = outside.call(v6 ? IcmpSocket::v6 : IcmpSocket::v4);
    requests = new FutureTask<>(() -> ping(socket, address), null);
    Thread.ofPlatform().daemon().name("ping").start(requests);
  }

  private void ping(IcmpSocket socket, InetAddress address) {
    try (socket) {
      while (!ending) {
        sent = sent + 1;
        request(socket, address);
        Patience.pause();
      }
    }
  }

  /**
   * While the NIC is down, so is the wire: the host outside may have no way to send it, or its
   * device drops it.
   */
  private void request(IcmpSocket socket, InetAddress address) {
    try {
      socket.send(address, IDENTIFIER, sent, new byte[8]);
      socket.receive(PAUSE).ifPresent(reply -> answered = reply.sequence());
    } catch (KernelException refused) {
      assertThat(refused.errno()).as(refused.getMessage()).isIn(ENETUNREACH, ENOBUFS, EHOSTUNREACH);
    }
  }

  @Override
  public int sent() {
    return sent;
  }

  @Override
  public int arrived() {
    Traffic.requireRunning(requests);
    return answered;
  }

  @Override
  public void end() throws Exception {
    ending = true;
    requests.get();
  }
}
