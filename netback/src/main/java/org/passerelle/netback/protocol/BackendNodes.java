package org.passerelle.netback.protocol;

import java.util.function.BiConsumer;

/**
 * What a backend tells its frontend before it waits for it.
 *
 * @param rxCopy the backend copies into the guest's pages; nothing else is left of the protocol
 * @param splitEventChannels the rings may have an event channel each
 * @param accepts what the host takes
 */
public record BackendNodes(boolean rxCopy, boolean splitEventChannels, Offloads accepts) {

  /** What our backend offers. */
  public static final BackendNodes OURS = new BackendNodes(true, true, Offloads.ALL);

  public static BackendNodes read(PeerNodes nodes) {
    return new BackendNodes(
        nodes.flag(Keys.RX_COPY), nodes.flag(Keys.SPLIT_EVENT_CHANNELS), Offloads.ofBackend(nodes));
  }

  /** Writes them, and says of the rest of the protocol that it is not to be had. */
  public void write(BiConsumer<String, String> write) {
    accepts.write(write);
    write.accept(Keys.RX_COPY, rxCopy ? "1" : "0");
    write.accept(Keys.RX_FLIP, "0");
    write.accept(Keys.MULTICAST_CONTROL, "0");
    write.accept(Keys.DYNAMIC_MULTICAST_CONTROL, "0");
    write.accept(Keys.XDP_HEADROOM, "0");
    write.accept(Keys.SPLIT_EVENT_CHANNELS, splitEventChannels ? "1" : "0");
    write.accept(Keys.MAX_QUEUES, "1");
    write.accept(Keys.CONTROL_RING, "0");
  }
}
