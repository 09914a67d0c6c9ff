package org.passerelle.netback.protocol;

/** The names of the nodes that the two ends write for each other: {@code io/netif.h}. */
public final class Keys {
  public static final String SCATTER_GATHER = "feature-sg";
  public static final String GSO_TCP_V4 = "feature-gso-tcpv4";
  public static final String GSO_TCP_V6 = "feature-gso-tcpv6";
  public static final String CHECKSUM_V6 = "feature-ipv6-csum-offload";
  public static final String NO_CHECKSUM_V4 = "feature-no-csum-offload";
  public static final String RX_COPY = "feature-rx-copy";
  public static final String RX_FLIP = "feature-rx-flip";
  public static final String MULTICAST_CONTROL = "feature-multicast-control";
  public static final String DYNAMIC_MULTICAST_CONTROL = "feature-dynamic-multicast-control";
  public static final String XDP_HEADROOM = "feature-xdp-headroom";
  public static final String SPLIT_EVENT_CHANNELS = "feature-split-event-channels";
  public static final String MAX_QUEUES = "multi-queue-max-queues";
  public static final String CONTROL_RING = "feature-ctrl-ring";

  public static final String QUEUES = "multi-queue-num-queues";
  public static final String TX_RING = "tx-ring-ref";
  public static final String RX_RING = "rx-ring-ref";
  public static final String EVENT_CHANNEL = "event-channel";
  public static final String EVENT_CHANNEL_TX = "event-channel-tx";
  public static final String EVENT_CHANNEL_RX = "event-channel-rx";
  public static final String REQUEST_RX_COPY = "request-rx-copy";
  public static final String RX_NOTIFY = "feature-rx-notify";

  private Keys() {}
}
