package org.passerelle.lab.check;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A TCP service in the namespace of the thread that opened it: it echoes what it gets, or swallows
 * and measures it.
 */
public final class TcpListener implements AutoCloseable {
  private static final int BACKLOG = 64;
  private static final int BUFFER = 256 << 10;

  /** What it does with what it gets. */
  public enum Service {
    ECHO,
    SINK
  }

  private final ServerSocket server;
  private final Service service;
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private final AtomicLong octets = new AtomicLong();
  private final AtomicLong nanos = new AtomicLong();

  private TcpListener(ServerSocket server, Service service) {
    this.server = server;
    this.service = service;
  }

  /**
   * Listens on every address of both families.
   *
   * @param port 0 for any that is free
   */
  public static TcpListener open(int port, Service service) throws IOException {
    ServerSocket server = new ServerSocket();
    try {
      server.setReuseAddress(true);
      server.bind(new InetSocketAddress(port), BACKLOG);
    } catch (IOException e) {
      server.close();
      throw new IOException("listen on TCP port " + port + ": " + e.getMessage(), e);
    }
    TcpListener listener = new TcpListener(server, service);
    Thread.ofPlatform().daemon().name("listener-" + server.getLocalPort()).start(listener::accept);
    return listener;
  }

  int port() {
    return server.getLocalPort();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        connections.add(socket);
        Thread.ofPlatform().daemon().name("connection").start(() -> serve(socket));
      }
    } catch (IOException e) {
      // closed: the only way in which it ends
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      byte[] buffer = new byte[BUFFER];
      InputStream in = socket.getInputStream();
      OutputStream out = socket.getOutputStream();
      long start = System.nanoTime();
      for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
        if (service == Service.ECHO) {
          out.write(buffer, 0, length);
        } else {
          octets.addAndGet(length);
          nanos.set(System.nanoTime() - start);
        }
      }
    } catch (IOException e) {
      // the other end went away, or we were closed
    } finally {
      connections.remove(socket);
    }
  }

  /** What a sink has swallowed, over the time from its first octets to its last. */
  long bitsPerSecond() {
    long time = nanos.get();
    return time == 0 ? 0 : (long) (octets.get() * 8e9 / time);
  }

  @Override
  public void close() {
    try {
      server.close();
      for (Socket socket : connections) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
