package org.passerelle.link.rtnl;

import java.net.InetAddress;
import java.util.Optional;
import org.passerelle.link.wire.MacAddress;

/**
 * A neighbour entry.
 *
 * @param state NUD_* bits: 0x80 permanent, 0x02 reachable, 0x04 stale, …
 * @param flags NTF_* bits: 0x08 proxy
 */
public record Neighbour(
    String device, InetAddress address, Optional<MacAddress> mac, int state, int flags) {
  public static final int PERMANENT = 0x80;

  /** Known, and used while it is asked for again. */
  public static final int STALE = 0x04;

  /** NUD_REACHABLE, NUD_STALE, NUD_DELAY, NUD_PROBE: its MAC is known. */
  public static final int KNOWN = 0x02 | STALE | 0x08 | 0x10;

  /** NTF_PROXY: an address that this host answers for, in the place of its owner. */
  static final int PROXY = 0x08;

  /** This host is to answer for {@code address} on {@code device}. */
  public static Neighbour proxy(String device, InetAddress address) {
    return new Neighbour(device, address, Optional.empty(), 0, PROXY);
  }

  public boolean isProxy() {
    return (flags & PROXY) != 0;
  }

  /** The kernel keeps what it answers for apart from what it has learned. */
  public boolean isSame(Neighbour other) {
    return other.device.equals(device)
        && other.address.equals(address)
        && other.isProxy() == isProxy();
  }

  /** Stays until somebody removes it. */
  public boolean isForGood() {
    return (state & PERMANENT) != 0 || isProxy();
  }

  public Neighbour onDevice(String other) {
    return new Neighbour(other, address, mac, state, flags);
  }

  public Neighbour withState(int newState) {
    return new Neighbour(device, address, mac, newState, flags);
  }
}
