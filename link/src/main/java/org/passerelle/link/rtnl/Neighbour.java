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
}
