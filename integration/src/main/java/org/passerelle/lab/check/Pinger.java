package org.passerelle.lab.check;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.passerelle.lab.topology.Interface;
import org.passerelle.lab.topology.Journey;
import org.passerelle.link.os.IcmpSocket;
import org.passerelle.link.rtnl.KernelException;

/** Sends echo requests and waits for their replies. */
final class Pinger {
  private static final AtomicInteger IDENTIFIERS =
      new AtomicInteger((int) ProcessHandle.current().pid());
  private static final int PAYLOAD = 56;

  /** The pause between two requests. */
  private static final Duration INTERVAL = Duration.ofMillis(20);

  private final RunningLab lab;

  /**
   * What came back.
   *
   * @param refusal the kernel's word when it would not send at all
   */
  record Result(int sent, List<Duration> roundTrips, Optional<String> refusal) {
    int received() {
      return roundTrips.size();
    }

    String text() {
      if (refusal.isPresent()) {
        return refusal.get();
      }
      String replies = received() + " of " + sent + (sent == 1 ? " reply" : " replies");
      return roundTrips.isEmpty() ? replies : replies + ", " + millis(average());
    }

    private Duration average() {
      return roundTrips.stream().reduce(Duration.ZERO, Duration::plus).dividedBy(received());
    }

    private static String millis(Duration time) {
      return "%.2f ms".formatted(time.toNanos() / 1e6);
    }
  }

  Pinger(RunningLab lab) {
    this.lab = lab;
  }

  /** Sends {@code count} requests, each after the reply to the one before or its timeout. */
  Result ping(Journey journey, int count, Duration timeout) {
    Optional<String> device =
        journey.source().isPresent() ? journey.sender().map(Interface::device) : Optional.empty();
    return lab.at(journey.from().name(), () -> pingHere(journey, device, count, timeout));
  }

  private static Result pingHere(
      Journey journey, Optional<String> device, int count, Duration timeout)
      throws InterruptedException {
    InetAddress target = journey.target();
    List<Duration> times = new ArrayList<>();
    int identifier = IDENTIFIERS.incrementAndGet() & 0xFFFF;
    try (IcmpSocket socket = target.getAddress().length == 16 ? IcmpSocket.v6() : IcmpSocket.v4()) {
      device.ifPresent(socket::bindToDevice);
      journey.source().ifPresent(socket::bindTo);
      for (int sequence = 1; sequence <= count; sequence++) {
        if (sequence > 1) {
          Thread.sleep(INTERVAL);
        }
        byte[] payload = payload(identifier, sequence);
        long start = System.nanoTime();
        socket.send(target, identifier, sequence, payload);
        await(socket, identifier, payload, start, timeout).ifPresent(times::add);
      }
    } catch (KernelException e) {
      return new Result(count, times, Optional.of(e.getMessage()));
    }
    return new Result(count, times, Optional.empty());
  }

  /** A payload that no other ping has. */
  private static byte[] payload(int identifier, int sequence) {
    byte[] payload = new byte[PAYLOAD];
    byte[] text =
        ("passerelle " + identifier + " " + sequence + " " + System.nanoTime())
            .getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(text, 0, payload, 0, Math.min(text.length, PAYLOAD));
    return payload;
  }

  private static Optional<Duration> await(
      IcmpSocket socket, int identifier, byte[] payload, long start, Duration timeout) {
    while (true) {
      Duration left = timeout.minusNanos(System.nanoTime() - start);
      if (left.isNegative() || left.isZero()) {
        return Optional.empty();
      }
      Optional<IcmpSocket.Reply> reply = socket.receive(left);
      boolean ours =
          reply
              .filter(r -> r.identifier() == identifier && Arrays.equals(r.payload(), payload))
              .isPresent();
      if (ours) {
        return Optional.of(Duration.ofNanos(System.nanoTime() - start));
      }
    }
  }
}
