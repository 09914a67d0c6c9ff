package org.passerelle.link.rtnl;

import java.net.InetAddress;
import java.util.Optional;
import org.passerelle.link.wire.IpPrefix;

/**
 * An address of a device.
 *
 * @param local the address, with the prefix length of its network
 * @param peer the other end of a point-to-point address
 * @param broadcast IPv4 only
 * @param label IPv4's alias label ({@code eth0:1}); empty when it is the device's name
 * @param scope RT_SCOPE_*: 0 global, 253 link, 254 host
 * @param flags IFA_F_* bits, {@link AddressFlags}
 * @param validSeconds lifetime; {@link #FOREVER} for ever
 * @param preferredSeconds until it is deprecated; {@link #FOREVER} for ever
 * @param metric priority of the connected route, 0 for the kernel's default
 */
public record Address(
    String device,
    IpPrefix local,
    Optional<InetAddress> peer,
    Optional<InetAddress> broadcast,
    String label,
    int scope,
    int flags,
    long validSeconds,
    long preferredSeconds,
    long metric) {
  /** The lifetime that does not end: INFINITY_LIFE_TIME, as unsigned 32 bits. */
  public static final long FOREVER = 0xFFFF_FFFFL;

  /** A plain permanent address; the broadcast address is left to the kernel. */
  public static Address of(String device, IpPrefix local) {
    return new Address(
        device, local, Optional.empty(), Optional.empty(), "", 0, 0, FOREVER, FOREVER, 0);
  }

  public Address onDevice(String other, String newLabel) {
    return new Address(
        other,
        local,
        peer,
        broadcast,
        newLabel,
        scope,
        flags,
        validSeconds,
        preferredSeconds,
        metric);
  }

  public Address withFlags(int newFlags) {
    return new Address(
        device,
        local,
        peer,
        broadcast,
        label,
        scope,
        newFlags,
        validSeconds,
        preferredSeconds,
        metric);
  }

  /** The same address with other lifetimes, in seconds; {@link #FOREVER} for ever. */
  public Address withLifetimes(long valid, long preferred) {
    return new Address(
        device, local, peer, broadcast, label, scope, flags, valid, preferred, metric);
  }

  /** Same device, address and prefix length: what the kernel takes for the same address. */
  public boolean isSame(Address other) {
    return device.equals(other.device) && local.equals(other.local) && peer.equals(other.peer);
  }
}
