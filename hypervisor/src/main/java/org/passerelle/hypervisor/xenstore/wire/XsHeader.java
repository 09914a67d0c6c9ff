package org.passerelle.hypervisor.xenstore.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The header of each message, {@code struct xsd_sockmsg} of Xen's {@code io/xs_wire.h}: four 32-bit
 * words in the host's byte order, which is little-endian wherever we run.
 *
 * <pre>
 *  0       4        8       12       16
 *  | type  | req_id | tx_id | length | payload, length octets, at most 4096
 * </pre>
 *
 * @param type a {@link XsType}'s code, or any other number that the peer sent
 * @param requestId chosen by the asker, repeated by the answer; 0 in watch events
 * @param transactionId 0 outside transactions
 * @param length the payload's length in octets; as the peer sent it, thus perhaps out of bounds
 */
public record XsHeader(int type, int requestId, int transactionId, int length) {
  static final int TYPE = 0;
  static final int REQUEST_ID = TYPE + Integer.BYTES;
  static final int TRANSACTION_ID = REQUEST_ID + Integer.BYTES;
  static final int PAYLOAD_LENGTH = TRANSACTION_ID + Integer.BYTES;

  /** Octets of a header. */
  public static final int LENGTH = PAYLOAD_LENGTH + Integer.BYTES;

  /** Reads the header at {@code offset}; the caller knows that {@link #LENGTH} octets are there. */
  public static XsHeader parse(byte[] bytes, int offset) {
    ByteBuffer view = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    return new XsHeader(
        view.getInt(offset + TYPE),
        view.getInt(offset + REQUEST_ID),
        view.getInt(offset + TRANSACTION_ID),
        view.getInt(offset + PAYLOAD_LENGTH));
  }

  /** Writes the header at {@code offset}, {@link #LENGTH} octets. */
  public void emit(byte[] bytes, int offset) {
    ByteBuffer.wrap(bytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(offset + TYPE, type)
        .putInt(offset + REQUEST_ID, requestId)
        .putInt(offset + TRANSACTION_ID, transactionId)
        .putInt(offset + PAYLOAD_LENGTH, length);
  }

  /** Whether the payload is one that the protocol allows; the peer is cut off where it is not. */
  public boolean lengthIsLegal() {
    return Integer.compareUnsigned(length, XsLimits.PAYLOAD_MAX) <= 0;
  }
}
