package org.passerelle.hypervisor.xenstore.wire;

import java.util.Arrays;

/** One message, in either direction. The payload is not copied: whoever makes one gives it away. */
public record XsMessage(int type, int requestId, int transactionId, byte[] payload) {

  public XsMessage {
    if (payload.length > XsLimits.PAYLOAD_MAX) {
      throw new IllegalArgumentException(
          "payload of " + payload.length + " octets, at most " + XsLimits.PAYLOAD_MAX);
    }
  }

  public static XsMessage of(XsType type, int requestId, int transactionId, byte[] payload) {
    return new XsMessage(type.code(), requestId, transactionId, payload);
  }

  /** A watch event: no request and no transaction, its payload the path and the token. */
  public static XsMessage event(byte[] payload) {
    return of(XsType.WATCH_EVENT, 0, 0, payload);
  }

  /** The message whose header is {@code header} and whose payload begins at {@code offset}. */
  public static XsMessage parse(XsHeader header, byte[] bytes, int offset) {
    return new XsMessage(
        header.type(),
        header.requestId(),
        header.transactionId(),
        Arrays.copyOfRange(bytes, offset, offset + header.length()));
  }

  /** The answer of the same type to this request. */
  public XsMessage reply(byte[] answer) {
    return new XsMessage(type, requestId, transactionId, answer);
  }

  /** The answer that refuses this request. */
  public XsMessage refuse(String error) {
    return of(XsType.ERROR, requestId, transactionId, XsStrings.join(error));
  }

  public boolean is(XsType wanted) {
    return type == wanted.code();
  }

  /** Header and payload as they go over the wire. */
  public byte[] encode() {
    byte[] bytes = new byte[XsHeader.LENGTH + payload.length];
    new XsHeader(type, requestId, transactionId, payload.length).emit(bytes, 0);
    System.arraycopy(payload, 0, bytes, XsHeader.LENGTH, payload.length);
    return bytes;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof XsMessage that
        && type == that.type
        && requestId == that.requestId
        && transactionId == that.transactionId
        && Arrays.equals(payload, that.payload);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * type + requestId) + Arrays.hashCode(payload);
  }

  @Override
  public String toString() {
    return XsType.nameOf(type)
        + " request "
        + Integer.toUnsignedString(requestId)
        + " transaction "
        + Integer.toUnsignedString(transactionId)
        + ", "
        + payload.length
        + " octets";
  }
}
