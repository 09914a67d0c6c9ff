package org.passerelle.link.ethtool;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a link takes off the stack when it sends: checksums to fill in, TCP to cut into segments.
 *
 * @param checksum of TCP and UDP
 * @param tcpV4 segments of TCP over IPv4; the kernel leaves it out without the checksum
 * @param tcpV6 segments of TCP over IPv6; the same
 */
public record SendOffloads(boolean checksum, boolean tcpV4, boolean tcpV6) {
  public static final SendOffloads NONE = new SendOffloads(false, false, false);
  public static final SendOffloads ALL = new SendOffloads(true, true, true);

  /**
   * The features that say so, out of those that the link has. All others of their kind (tunnels,
   * UDP segments, SCTP's checksum, and what kernels to come may have) are off: their frames bear
   * what a {@code virtio_net_hdr} and Xen's slots cannot tell.
   */
  public Map<String, Boolean> features(Collection<String> changeable) {
    Map<String, Boolean> features = new TreeMap<>();
    changeable.stream()
        .filter(SendOffloads::leavesWorkUndone)
        .forEach(name -> features.put(name, isWanted(name)));
    return features;
  }

  /** The names of net/ethtool/common.c. */
  private static boolean leavesWorkUndone(String feature) {
    return feature.startsWith("tx-checksum-")
        || feature.startsWith("tx-gso-")
        || feature.startsWith("tx-") && feature.endsWith("-segmentation");
  }

  private boolean isWanted(String feature) {
    return switch (feature) {
      case "tx-checksum-ip-generic" -> checksum;
      case "tx-tcp-segmentation" -> checksum && tcpV4;
      case "tx-tcp6-segmentation" -> checksum && tcpV6;
      default -> false;
    };
  }
}
