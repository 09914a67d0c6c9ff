package org.passerelle.netback;

import org.passerelle.hypervisor.domain.DomainId;

/**
 * Which vif: the guest and the number of its device. Both halves have the same.
 *
 * @param device the backend calls it the handle
 */
public record VifKey(DomainId guest, int device) implements Comparable<VifKey> {

  @Override
  public int compareTo(VifKey other) {
    int byGuest = guest.compareTo(other.guest);
    return byGuest != 0 ? byGuest : Integer.compare(device, other.device);
  }

  /** {@code vif1.0}, the host's name for it. */
  @Override
  public String toString() {
    return "vif" + guest.value() + "." + device;
  }
}
