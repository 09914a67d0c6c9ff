package org.passerelle.netback;

/** What is counted of each half of a vif. TX is from guest to host, RX from host to guest. */
public enum Counter {
  TX_FRAMES,
  TX_BYTES,
  /** Frames answered with an error: too short, too many slots, a copy that failed. */
  TX_ERRORS,
  /** Frames that were taken from the ring or the port but could not be carried on. */
  TX_DROPS,
  RX_FRAMES,
  RX_BYTES,
  RX_ERRORS,
  RX_DROPS,
  /** Frames dropped because the guest offered no pages for too long. */
  RX_DRAINED,
  /** GSO frames that came without a blank checksum. */
  GSO_CHECKSUM_FIXUPS,
  /** Times the guest was found to take nothing any more. */
  STALLS,
  /** Times the peer sent so many events for nothing that it was not listened to for a while. */
  EVENT_STORMS
}
