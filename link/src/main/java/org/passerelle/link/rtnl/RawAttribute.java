package org.passerelle.link.rtnl;

import java.util.Arrays;

/**
 * A netlink attribute that this layer does not decode: its type without flag bits, and its payload.
 */
public record RawAttribute(int type, byte[] value) {

  @Override
  public boolean equals(Object other) {
    return other instanceof RawAttribute that
        && type == that.type
        && Arrays.equals(value, that.value);
  }

  @Override
  public int hashCode() {
    return 31 * type + Arrays.hashCode(value);
  }

  @Override
  public String toString() {
    return type + "=" + java.util.HexFormat.of().formatHex(value);
  }
}
