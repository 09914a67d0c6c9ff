package org.passerelle.lab.check;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import org.passerelle.lab.model.AddressText;
import org.passerelle.lab.model.Check;
import org.passerelle.lab.topology.Journey;

/** {@code tcp} and {@code throughput}. */
final class TcpChecks {
  private static final int TIMEOUT_MILLIS = 3000;
  private static final Duration TRANSFER = Duration.ofMillis(1500);
  private static final int CHUNK = 128 << 10;

  private final RunningLab lab;

  TcpChecks(RunningLab lab) {
    this.lab = lab;
  }

  /** A connection to an echo service: a token that nobody else has must come back. */
  Verdict tcp(Check.Tcp check, Journey journey) throws IOException {
    String where = AddressText.of(journey.target()) + " port " + check.port();
    String expected = "a token back from " + where;
    if (isServed(journey, check.port())) {
      return echoed(journey, check.port(), expected);
    }
    try (TcpListener listener = listener(journey, check.port(), TcpListener.Service.ECHO)) {
      return echoed(journey, listener.port(), expected);
    }
  }

  private boolean isServed(Journey journey, int port) {
    String station = journey.receiver().orElseThrow().station();
    return lab.topology().lab().services().stream()
        .anyMatch(service -> service.at().value().equals(station) && service.port() == port);
  }

  /** Makes a listener at the target for as long as the check runs. */
  private TcpListener listener(Journey journey, int port, TcpListener.Service service) {
    return lab.at(
        journey.receiver().orElseThrow().station(), () -> TcpListener.open(port, service));
  }

  private Verdict echoed(Journey journey, int port, String expected) {
    byte[] token = UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII);
    return lab.at(
        journey.from().name(),
        () -> {
          long start = System.nanoTime();
          try (Socket socket = connect(journey, port)) {
            Duration connected = Duration.ofNanos(System.nanoTime() - start);
            socket.getOutputStream().write(token);
            byte[] back = socket.getInputStream().readNBytes(token.length);
            boolean same = Arrays.equals(token, back);
            String seen =
                same
                    ? "the token, connected in %.1f ms".formatted(connected.toNanos() / 1e6)
                    : "other octets than the token";
            return Verdict.of(same, expected, seen);
          } catch (IOException e) {
            return Verdict.of(false, expected, reason(e));
          }
        });
  }

  private static String reason(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  private static Socket connect(Journey journey, int port) throws IOException {
    Socket socket = new Socket();
    try {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      Optional<InetAddress> source = journey.source();
      if (source.isPresent()) {
        socket.bind(new InetSocketAddress(source.get(), 0));
      }
      socket.connect(new InetSocketAddress(journey.target(), port), TIMEOUT_MILLIS);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** A bulk transfer, measured where it arrives. */
  Verdict throughput(Check.Throughput check, Journey journey) throws IOException {
    String expected = "at least " + rate(check.atLeastBitsPerSecond());
    try (TcpListener sink = listener(journey, 0, TcpListener.Service.SINK)) {
      Optional<String> failure = lab.at(journey.from().name(), () -> send(journey, sink.port()));
      long bits = sink.bitsPerSecond();
      boolean fast = failure.isEmpty() && bits >= check.atLeastBitsPerSecond();
      return Verdict.of(fast, expected, failure.orElseGet(() -> rate(bits)));
    }
  }

  private static Optional<String> send(Journey journey, int port) {
    byte[] chunk = new byte[CHUNK];
    try (Socket socket = connect(journey, port)) {
      long end = System.nanoTime() + TRANSFER.toNanos();
      while (System.nanoTime() - end < 0) {
        socket.getOutputStream().write(chunk);
      }
      socket.shutdownOutput();
      // The sink closes when it has read all: then its measure is whole.
      socket.getInputStream().read();
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(reason(e));
    }
  }

  static String rate(long bits) {
    if (bits >= 1_000_000_000) {
      return "%.2f Gb/s".formatted(bits / 1e9);
    }
    return bits >= 1_000_000 ? "%.1f Mb/s".formatted(bits / 1e6) : bits + " b/s";
  }
}
