package org.passerelle.hypervisor.xenstore.client;

import java.io.EOFException;
import java.io.IOException;
import org.passerelle.hypervisor.xenstore.wire.XsHeader;
import org.passerelle.hypervisor.xenstore.wire.XsLimits;
import org.passerelle.hypervisor.xenstore.wire.XsMessage;

/** Cuts a stream of octets into messages. */
final class MessageReader {
  private final Transport transport;
  private final byte[] buffer = new byte[XsHeader.LENGTH + XsLimits.PAYLOAD_MAX];
  private int start;
  private int end;

  MessageReader(Transport transport) {
    this.transport = transport;
  }

  XsMessage next() throws IOException {
    need(XsHeader.LENGTH);
    XsHeader header = XsHeader.parse(buffer, start);
    if (!header.lengthIsLegal()) {
      throw new IOException(
          "the daemon sent a payload of "
              + Integer.toUnsignedString(header.length())
              + " octets, at most "
              + XsLimits.PAYLOAD_MAX
              + " are legal");
    }
    need(XsHeader.LENGTH + header.length());
    XsMessage message = XsMessage.parse(header, buffer, start + XsHeader.LENGTH);
    start += XsHeader.LENGTH + header.length();
    return message;
  }

  private void need(int length) throws IOException {
    if (start + length > buffer.length) {
      System.arraycopy(buffer, start, buffer, 0, end - start);
      end -= start;
      start = 0;
    }
    while (end - start < length) {
      int received = transport.receive(buffer, end, buffer.length - end);
      if (received < 0) {
        throw new EOFException("the daemon closed the connection");
      }
      end += received;
    }
  }
}
