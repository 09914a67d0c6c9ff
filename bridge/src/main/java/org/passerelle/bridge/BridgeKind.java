package org.passerelle.bridge;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.passerelle.link.rtnl.LinkKind;
import org.passerelle.link.rtnl.RawAttribute;
import org.passerelle.link.rtnl.VlanFiltering;

/**
 * A Linux bridge's own settings, IFLA_BR_* of linux/if_link.h; whatever is empty is the kernel's
 * default, or stays.
 *
 * @param stpState 0 no spanning tree, 1 the kernel's
 * @param forwardDelay hundredths of a second before a new port forwards; 0 only without spanning
 *     tree
 * @param ageingTime hundredths of a second until a station that is silent is forgotten
 * @param filtering whether it looks at VLAN tags
 */
public record BridgeKind(
    OptionalInt stpState,
    OptionalInt forwardDelay,
    OptionalInt ageingTime,
    Optional<VlanFiltering> filtering)
    implements LinkKind {
  public static final String NAME = "bridge";

  private static final int FORWARD_DELAY = 1;
  private static final int AGEING_TIME = 4;
  private static final int STP_STATE = 5;

  /** As Xen's scripts make one: no spanning tree, and ports that forward at once. */
  public static final BridgeKind XEN =
      new BridgeKind(OptionalInt.of(0), OptionalInt.of(0), OptionalInt.empty());

  /** One that no tags mean anything to, as far as we say. */
  public BridgeKind(OptionalInt stpState, OptionalInt forwardDelay, OptionalInt ageingTime) {
    this(stpState, forwardDelay, ageingTime, Optional.empty());
  }

  /** The settings in a bridge's IFLA_INFO_DATA; what is not among ours is left out. */
  public static BridgeKind of(List<RawAttribute> data) {
    return new BridgeKind(
        find(data, STP_STATE),
        find(data, FORWARD_DELAY),
        find(data, AGEING_TIME),
        // Made again, it is off by itself; a kernel that has none refuses to be told so.
        VlanFiltering.of(data).filter(VlanFiltering::on));
  }

  /** The same bridge, which looks at VLAN tags where the kernel can. */
  public BridgeKind withFiltering() {
    return new BridgeKind(stpState, forwardDelay, ageingTime, Optional.of(new VlanFiltering(true)));
  }

  private static OptionalInt find(List<RawAttribute> data, int type) {
    for (RawAttribute one : data) {
      if (one.type() == type && one.value().length == Integer.BYTES) {
        return OptionalInt.of(ByteBuffer.wrap(one.value()).order(ByteOrder.nativeOrder()).getInt());
      }
    }
    return OptionalInt.empty();
  }

  @Override
  public String name() {
    return NAME;
  }

  /** The kernel takes them in its own order (br_changelink). */
  @Override
  public List<RawAttribute> data() {
    List<RawAttribute> data = new ArrayList<>();
    forwardDelay.ifPresent(value -> data.add(attribute(FORWARD_DELAY, value)));
    ageingTime.ifPresent(value -> data.add(attribute(AGEING_TIME, value)));
    stpState.ifPresent(value -> data.add(attribute(STP_STATE, value)));
    filtering.ifPresent(value -> data.addAll(value.data()));
    return data;
  }

  /** Netlink is in the host's byte order. */
  private static RawAttribute attribute(int type, int value) {
    return new RawAttribute(
        type,
        ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder()).putInt(value).array());
  }

  @Override
  public String ipArguments() {
    StringBuilder text = new StringBuilder();
    stpState.ifPresent(value -> text.append(" stp_state ").append(value));
    forwardDelay.ifPresent(value -> text.append(" forward_delay ").append(value));
    ageingTime.ifPresent(value -> text.append(" ageing_time ").append(value));
    filtering.ifPresent(value -> text.append(' ').append(value.ipArguments()));
    return text.toString().trim();
  }
}
