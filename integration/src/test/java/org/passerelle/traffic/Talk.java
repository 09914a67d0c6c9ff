package org.passerelle.traffic;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.passerelle.link.os.Namespace;
import org.passerelle.link.os.PacketSocket;
import org.passerelle.link.port.Frame;
import org.passerelle.link.port.Frames;
import org.passerelle.link.wire.EtherType;
import org.passerelle.link.wire.Ethernet;

/** What hosts in namespaces send each other. */
public final class Talk {
  private static final int PORT = 5000;

  /** IEEE 802's for experiments. */
  private static final int EXPERIMENT = 0x88b5;

  private Talk() {}

  /** Two echo requests, both answered. */
  public static boolean pings(Namespace from, String to) {
    return from.call(
        () ->
            new ProcessBuilder("ping", "-n", "-c", "2", "-i", "0.1", "-W", "2", to)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor()
                == 0);
  }

  /** Sends this many octets by TCP; returns how many arrived. */
  public static long streamed(Namespace from, Namespace to, String address, int octets)
      throws Exception {
    try (ServerSocket server = to.call(() -> new ServerSocket(PORT))) {
      CompletableFuture<Long> received = CompletableFuture.supplyAsync(() -> count(server));
      try (Socket sender = from.call(() -> new Socket(InetAddress.getByName(address), PORT))) {
        sender.getOutputStream().write(new byte[octets]);
      }
      return received.get();
    }
  }

  private static long count(ServerSocket server) {
    try (Socket socket = server.accept();
        InputStream in = socket.getInputStream()) {
      return in.readAllBytes().length;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The next frame of the experimental type, behind whatever tags, in hexadecimal. */
  public static String next(PacketSocket socket) {
    Frame frame = Frames.empty();
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (System.nanoTime() < end) {
      if (socket.receive(frame) && isOurs(frame)) {
        return Frames.hex(frame);
      }
      LockSupport.parkNanos(100_000);
    }
    return "nothing came";
  }

  private static boolean isOurs(Frame frame) {
    int at = Frame.DATA;
    int type = Ethernet.type(frame.memory(), at);
    while (type == EtherType.VLAN || type == EtherType.SERVICE_VLAN) {
      at += Ethernet.TAG;
      type = Ethernet.type(frame.memory(), at);
    }
    return type == EXPERIMENT;
  }
}
