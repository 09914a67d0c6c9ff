package org.passerelle.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.passerelle.link.os.Namespace;

/** A TCP connection from outside to dom0 that carries numbers in turn; the receiver counts too. */
final class CountedStream implements Traffic {
  private final FutureTask<Integer> sender;
  private final FutureTask<Integer> receiver;
  private volatile boolean ending;
  private volatile int sent;
  private volatile int received;

  CountedStream(Dom0 dom0, Namespace outside, InetAddress address) {
    ServerSocket server = dom0.open(() -> new ServerSocket(0, 1, address));
    InetSocketAddress target = new InetSocketAddress(address, server.getLocalPort());
    receiver = started(() -> receive(server));
    sender = started(() -> send(outside.call(() -> connected(target))));
  }

  private static Socket connected(InetSocketAddress target) throws IOException {
    Socket socket = new Socket(target.getAddress(), target.getPort());
    socket.setTcpNoDelay(true);
    return socket;
  }

  private static FutureTask<Integer> started(Callable<Integer> task) {
    FutureTask<Integer> future = new FutureTask<>(task);
    Thread.ofPlatform().daemon().name("stream").start(future);
    return future;
  }

  private int send(Socket socket) throws IOException, InterruptedException {
    try (DataOutputStream out = new DataOutputStream(socket.getOutputStream())) {
      while (!ending) {
        out.writeInt(sent);
        sent = sent + 1;
        Thread.sleep(2);
      }
    }
    return sent;
  }

  private int receive(ServerSocket server) throws IOException {
    try (server;
        DataInputStream in = new DataInputStream(server.accept().getInputStream())) {
      while (true) {
        assertThat(in.readInt()).as("the next number").isEqualTo(received);
        received = received + 1;
      }
    } catch (EOFException e) {
      return received;
    }
  }

  @Override
  public int sent() {
    return sent;
  }

  @Override
  public int arrived() {
    Traffic.requireRunning(sender);
    Traffic.requireRunning(receiver);
    return received;
  }

  @Override
  public void end() throws Exception {
    ending = true;
    assertThat(receiver.get()).as("numbers that arrived").isEqualTo(sender.get());
  }
}
