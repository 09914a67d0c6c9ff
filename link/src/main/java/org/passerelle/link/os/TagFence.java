package org.passerelle.link.os;

import java.util.List;
import org.passerelle.link.rtnl.IngressMessages;

/**
 * Keeps tags from passing between a vif and the bridge that it is a port of, in both directions, as
 * a bridge that looks at tags does: what has one is for the packet socket of whoever serves the
 * vif's VLANs, and comes from it. A tag that holds a priority only passes.
 *
 * <p>It follows the link, whatever that is called, and goes with it; filters of others are left
 * alone.
 */
public final class TagFence {
  private TagFence() {}

  /**
   * Puts it up; nothing happens where it stands.
   *
   * @param index the vif's, in the calling thread's namespace
   * @throws org.passerelle.link.rtnl.KernelException when the kernel cannot
   */
  public static void put(int index, String link) {
    try (LinkFilters filters = filters(index, link)) {
      filters.add(place -> IngressMessages.dropTagged(index, place));
    }
  }

  /** Takes it away; nothing happens where there is none. */
  public static void remove(int index, String link) {
    try (LinkFilters filters = filters(index, link)) {
      filters.remove(IngressMessages.dropNoTagged(index));
    }
  }

  /** The commands that put it up. */
  public static List<String> commands(String link) {
    return IngressMessages.dropTaggedCommands(link);
  }

  private static LinkFilters filters(int index, String link) {
    return new LinkFilters(index, "keep tags from passing between " + link + " and its bridge");
  }
}
