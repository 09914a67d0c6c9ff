package org.passerelle.scripts.agent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.passerelle.hypervisor.xenstore.client.Transport;
import org.passerelle.hypervisor.xenstore.wire.XsHeader;
import org.passerelle.hypervisor.xenstore.wire.XsMessage;
import org.passerelle.hypervisor.xenstore.wire.XsStrings;
import org.passerelle.hypervisor.xenstore.wire.XsType;

/**
 * What a XenStore answers that says no more of a vif than its bridge, and takes what is written.
 */
final class RehearsedStore implements Transport {
  private final byte[] bridge;
  private byte[] answer = {};
  private int given;

  RehearsedStore(String bridge) {
    this.bridge = bridge.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void send(byte[] octets) {
    XsMessage request = XsMessage.parse(XsHeader.parse(octets, 0), octets, XsHeader.LENGTH);
    answer = answer(request).encode();
    given = 0;
  }

  private XsMessage answer(XsMessage request) {
    if (request.is(XsType.TRANSACTION_START)) {
      return request.reply(XsStrings.join("1"));
    }
    if (!request.is(XsType.READ)) {
      return request.reply(XsStrings.join("OK"));
    }
    String path = XsStrings.split(request.payload()).getFirst();
    return path.endsWith("/bridge") ? request.reply(bridge) : request.refuse("ENOENT");
  }

  @Override
  public int receive(byte[] into, int offset, int length) throws IOException {
    int now = Math.min(length, answer.length - given);
    System.arraycopy(answer, given, into, offset, now);
    given += now;
    return now == 0 ? -1 : now;
  }

  @Override
  public void close() {
    // There is nothing behind it.
  }
}
