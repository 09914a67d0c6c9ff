package org.passerelle.link.os;

import java.util.List;
import java.util.SortedSet;
import org.passerelle.link.rtnl.IngressMessages;
import org.passerelle.link.wire.VlanId;

/**
 * Keeps the frames of some VLANs that come in by a NIC from the bridge that it may be a port of, as
 * the kernel's own VLAN devices do, which take them before it: they are for the packet socket of
 * whoever serves the VLANs. It lasts until it is ended, by another process if need be; filters of
 * others are left alone.
 */
public final class IngressVlans {
  private IngressVlans() {}

  /**
   * From now on it is these VLANs' frames.
   *
   * @param index the NIC's, in the calling thread's namespace
   * @throws org.passerelle.link.rtnl.KernelException when the kernel cannot
   * @throws IllegalArgumentException when they are too many, with gaps between
   */
  public static void drop(int index, String link, SortedSet<VlanId> vlans) {
    try (LinkFilters filters = filters(index, link)) {
      filters.add(place -> List.of(IngressMessages.dropVlans(index, vlans, place)));
    }
  }

  /** It is no VLAN's frames any more; nothing happens where it was none's. */
  public static void end(int index, String link) {
    try (LinkFilters filters = filters(index, link)) {
      filters.remove(List.of(IngressMessages.dropNoVlans(index)));
    }
  }

  private static LinkFilters filters(int index, String link) {
    return new LinkFilters(
        index, "keep the frames of VLANs that come in by " + link + " from its bridge");
  }
}
