package org.passerelle.netback.protocol;

import java.util.function.BiConsumer;

/**
 * What an end accepts from the other beside plain frames of one page. Each end tells the other in
 * its own directory of the store; what it does not say it cannot do.
 *
 * @param scatterGather frames of more than one slot
 * @param checksumV4 a blank checksum over IPv4
 * @param checksumV6 a blank checksum over IPv6
 * @param gsoV4 TCP over IPv4 still to be segmented
 * @param gsoV6 TCP over IPv6 still to be segmented
 */
public record Offloads(
    boolean scatterGather, boolean checksumV4, boolean checksumV6, boolean gsoV4, boolean gsoV6) {

  /** All of it: what both our halves accept. */
  public static final Offloads ALL = new Offloads(true, true, true, true, true);

  /** None of it: whole frames in one page, with their checksums. */
  public static final Offloads NONE = new Offloads(false, false, false, false, false);

  /** As a frontend announces it. GSO makes no sense without scatter-gather and is refused then. */
  public static Offloads ofFrontend(PeerNodes nodes) {
    return read(nodes, !nodes.flag(Keys.NO_CHECKSUM_V4));
  }

  /** As a backend announces it: blank IPv4 checksums are always accepted. */
  public static Offloads ofBackend(PeerNodes nodes) {
    return read(nodes, true);
  }

  private static Offloads read(PeerNodes nodes, boolean checksumV4) {
    boolean sg = nodes.flag(Keys.SCATTER_GATHER);
    boolean checksumV6 = nodes.flag(Keys.CHECKSUM_V6);
    return new Offloads(
        sg,
        checksumV4,
        checksumV6,
        sg && checksumV4 && nodes.flag(Keys.GSO_TCP_V4),
        sg && checksumV6 && nodes.flag(Keys.GSO_TCP_V6));
  }

  /** Writes the nodes that both ends have in common. */
  public void write(BiConsumer<String, String> write) {
    write.accept(Keys.SCATTER_GATHER, flag(scatterGather));
    write.accept(Keys.GSO_TCP_V4, flag(gsoV4));
    write.accept(Keys.GSO_TCP_V6, flag(gsoV6));
    write.accept(Keys.CHECKSUM_V6, flag(checksumV6));
  }

  private static String flag(boolean on) {
    return on ? "1" : "0";
  }
}
