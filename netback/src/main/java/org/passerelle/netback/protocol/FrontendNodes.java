package org.passerelle.netback.protocol;

import java.util.function.BiConsumer;

/**
 * What a frontend tells its backend before it connects.
 *
 * @param txRing grant reference of the tx ring's page, unsigned
 * @param rxRing grant reference of the rx ring's page, unsigned
 * @param txPort the frontend's event channel of the tx ring
 * @param rxPort that of the rx ring; equal to {@code txPort} when they share one
 * @param rxNotify the frontend tells when it offers new rx pages
 * @param accepts what the guest takes
 */
public record FrontendNodes(
    int txRing, int rxRing, int txPort, int rxPort, boolean rxNotify, Offloads accepts) {
  private static final long U32 = 0xFFFF_FFFFL;

  /** Xen's fifo event channels: {@code EVTCHN_FIFO_NR_CHANNELS}. */
  private static final long MOST_PORTS = (1 << 17) - 1;

  /** The frontend's nodes make no sense; the message says which. */
  public static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    public Refused(String message) {
      super(message);
    }
  }

  public boolean splitEventChannels() {
    return txPort != rxPort;
  }

  /** Reads and checks them. One queue: a guest may ask for more only where more are offered. */
  public static FrontendNodes read(PeerNodes nodes) throws Refused {
    checkQueues(nodes);
    if (!nodes.flag(Keys.REQUEST_RX_COPY)) {
      throw new Refused("guest does not request " + Keys.REQUEST_RX_COPY + ": flipping is gone");
    }
    int txRing = (int) required(nodes, Keys.TX_RING, U32);
    int rxRing = (int) required(nodes, Keys.RX_RING, U32);
    boolean split = nodes.read().apply(Keys.EVENT_CHANNEL_TX).isPresent();
    int txPort = port(nodes, split ? Keys.EVENT_CHANNEL_TX : Keys.EVENT_CHANNEL);
    int rxPort = port(nodes, split ? Keys.EVENT_CHANNEL_RX : Keys.EVENT_CHANNEL);
    boolean notify = nodes.flag(Keys.RX_NOTIFY);
    return new FrontendNodes(txRing, rxRing, txPort, rxPort, notify, Offloads.ofFrontend(nodes));
  }

  private static void checkQueues(PeerNodes nodes) throws Refused {
    boolean asked = nodes.read().apply(Keys.QUEUES).isPresent();
    if (asked && nodes.number(Keys.QUEUES, U32).orElse(0) != 1) {
      throw new Refused(
          "guest requested " + nodes.shown(Keys.QUEUES) + " queues, but valid range is 1 - 1.");
    }
  }

  private static int port(PeerNodes nodes, String name) throws Refused {
    int port = (int) required(nodes, name, MOST_PORTS);
    if (port == 0) {
      throw new Refused("guest's " + name + " is 0, which is no event channel");
    }
    return port;
  }

  private static long required(PeerNodes nodes, String name, long most) throws Refused {
    return nodes
        .number(name, most)
        .orElseThrow(
            () ->
                new Refused(
                    "guest's "
                        + name
                        + " is "
                        + nodes.shown(name)
                        + ", not a number up to "
                        + most));
  }

  /** Writes them. */
  public void write(BiConsumer<String, String> write) {
    write.accept(Keys.TX_RING, Integer.toUnsignedString(txRing));
    write.accept(Keys.RX_RING, Integer.toUnsignedString(rxRing));
    if (splitEventChannels()) {
      write.accept(Keys.EVENT_CHANNEL_TX, Integer.toString(txPort));
      write.accept(Keys.EVENT_CHANNEL_RX, Integer.toString(rxPort));
    } else {
      write.accept(Keys.EVENT_CHANNEL, Integer.toString(txPort));
    }
    write.accept(Keys.REQUEST_RX_COPY, "1");
    write.accept(Keys.RX_NOTIFY, rxNotify ? "1" : "0");
    accepts.write(write);
    if (!accepts.checksumV4()) {
      write.accept(Keys.NO_CHECKSUM_V4, "1");
    }
  }
}
