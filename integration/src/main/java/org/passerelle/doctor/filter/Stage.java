package org.passerelle.doctor.filter;

import java.util.List;
import java.util.Locale;

/**
 * The hooks of the packet filter, in the order in which a packet comes by.
 *
 * <pre>
 *   forwarded   ingress, prerouting, forward, postrouting, egress
 *   to dom0     ingress, prerouting, input
 *   from dom0                        output,  postrouting, egress
 * </pre>
 */
public enum Stage {
  INGRESS(true, false),
  PREROUTING(true, false),
  INPUT(true, false),
  FORWARD(true, true),
  OUTPUT(false, true),
  POSTROUTING(true, true),
  EGRESS(false, true);

  /** NF_IP_PRI_CONNTRACK. */
  private static final long CONNECTIONS = -200;

  private final boolean hasIn;
  private final boolean hasOut;

  Stage(boolean hasIn, boolean hasOut) {
    this.hasIn = hasIn;
    this.hasOut = hasOut;
  }

  /** As nft calls it. */
  public String hook() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Stage of(String hook) {
    return valueOf(hook.toUpperCase(Locale.ROOT));
  }

  /** Whether a rule here is told the device by which a packet came in. */
  public boolean hasIn() {
    return hasIn;
  }

  /** Whether it is told the one by which it goes out. */
  public boolean hasOut() {
    return hasOut;
  }

  /** Whether it is told there what connection a packet is of. */
  public boolean knowsConnections(long priority) {
    return switch (this) {
      case INGRESS -> false;
      case PREROUTING, OUTPUT -> priority >= CONNECTIONS;
      default -> true;
    };
  }

  /** The way of what comes in, or goes out, or both. */
  static List<Stage> way(boolean in, boolean out) {
    if (in) {
      return out
          ? List.of(INGRESS, PREROUTING, FORWARD, POSTROUTING, EGRESS)
          : List.of(INGRESS, PREROUTING, INPUT);
    }
    return List.of(OUTPUT, POSTROUTING, EGRESS);
  }
}
