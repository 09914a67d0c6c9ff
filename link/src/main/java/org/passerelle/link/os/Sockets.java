package org.passerelle.link.os;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Values that socket calls take, as the bytes that C would have there. */
final class Sockets {
  private Sockets() {}

  static byte[] integer(int value) {
    return buffer(4).putInt(value).array();
  }

  /** struct timeval on 64-bit Linux: seconds and microseconds. */
  static byte[] timeval(long milliseconds) {
    return buffer(16).putLong(milliseconds / 1000).putLong(milliseconds % 1000 * 1000).array();
  }

  static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
  }
}
