package org.passerelle.hypervisor.xenstore.server;

import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import org.passerelle.hypervisor.testing.Wire;

/** A client of octets: it shares nothing with the codec under test. */
final class RawClient implements Wire {
  private final SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);

  RawClient(Path socket) throws IOException {
    channel.connect(UnixDomainSocketAddress.of(socket));
  }

  @Override
  public void send(byte[] octets) throws IOException {
    ByteBuffer left = ByteBuffer.wrap(octets);
    while (left.hasRemaining()) {
      channel.write(left);
    }
  }

  void sendHex(String hex) throws IOException {
    send(HexFormat.of().parseHex(hex.replaceAll("\\s", "")));
  }

  /** A request with the text's characters as octets. */
  static byte[] request(int type, int id, int transaction, String text) {
    byte[] payload = text.getBytes(StandardCharsets.ISO_8859_1);
    return ByteBuffer.allocate(16 + payload.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(type)
        .putInt(id)
        .putInt(transaction)
        .putInt(payload.length)
        .put(payload)
        .array();
  }

  /** The next message's octets, header and payload, in hexadecimal with a blank between the two. */
  String receiveHex() throws IOException {
    byte[] header = receive(16);
    byte[] payload = receive(ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).getInt(12));
    return HexFormat.of().formatHex(header) + " " + HexFormat.of().formatHex(payload);
  }

  /** The next message as "type text", NULs as blanks. */
  String receiveText() throws IOException {
    ByteBuffer header = ByteBuffer.wrap(receive(16)).order(ByteOrder.LITTLE_ENDIAN);
    String payload = new String(receive(header.getInt(12)), StandardCharsets.ISO_8859_1);
    return header.getInt(0) + " " + payload.replace('\0', ' ');
  }

  /** Sends a request and gives the next message, whatever it answers. */
  String ask(int type, String text) throws IOException {
    send(request(type, 1, 0, text));
    return receiveText();
  }

  @Override
  public byte[] receive(int length) throws IOException {
    ByteBuffer octets = ByteBuffer.allocate(length);
    while (octets.hasRemaining()) {
      if (channel.read(octets) < 0) {
        throw new EOFException();
      }
    }
    return octets.array();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
