package org.passerelle.link.rtnl;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The flags of a VLAN device, IFLA_VLAN_FLAGS of linux/if_link.h; as a kind, the change of these
 * alone. They are here, and the rest of it in {@code VlanKind} in vlan, because whoever takes a NIC
 * down must mind the VLANs that lie on it.
 *
 * <p>{@code struct ifla_vlan_flags}, as it is: no attributes inside.
 *
 * <pre>
 *   0          4         8
 *   | flags    | mask    |
 * </pre>
 *
 * @param set the bits that are set
 * @param mask the bits that are meant; the others stay, or are the kernel's default
 */
public record VlanFlags(int set, int mask) implements LinkKind {
  public static final String KIND = "vlan";
  public static final VlanFlags DEFAULT = new VlanFlags(0, 0);

  private static final int TYPE = 2;
  private static final int MASK = 4;
  private static final int LENGTH = MASK + 4;

  /** VLAN_FLAG_* of linux/if_vlan.h, each under ip's word for it and at its bit's number. */
  public enum Flag {
    REORDER_HDR,
    GVRP,
    /** It does not go up and down with the device that it lies on. */
    LOOSE_BINDING,
    MVRP,
    BRIDGE_BINDING;

    int bit() {
      return 1 << ordinal();
    }
  }

  /**
   * The flags in a VLAN device's IFLA_INFO_DATA. The kernel means all of its bits when it tells,
   * and takes none that it does not know.
   */
  public static VlanFlags of(List<RawAttribute> data) {
    int known = Arrays.stream(Flag.values()).mapToInt(Flag::bit).sum();
    return data.stream()
        .filter(attribute -> attribute.type() == TYPE && attribute.value().length == LENGTH)
        .map(attribute -> ByteBuffer.wrap(attribute.value()).order(ByteOrder.nativeOrder()))
        .map(value -> new VlanFlags(value.getInt(0), value.getInt(MASK) & known))
        .findFirst()
        .orElse(DEFAULT);
  }

  public VlanFlags with(Flag flag, boolean on) {
    return new VlanFlags(on ? set | flag.bit() : set & ~flag.bit(), mask | flag.bit());
  }

  public boolean has(Flag flag) {
    return (set & flag.bit()) != 0;
  }

  @Override
  public String name() {
    return KIND;
  }

  @Override
  public List<RawAttribute> data() {
    ByteBuffer value = ByteBuffer.allocate(LENGTH).order(ByteOrder.nativeOrder());
    value.putInt(set).putInt(mask);
    return mask == 0 ? List.of() : List.of(new RawAttribute(TYPE, value.array()));
  }

  @Override
  public String ipArguments() {
    StringBuilder text = new StringBuilder();
    for (Flag flag : Flag.values()) {
      if ((mask & flag.bit()) != 0) {
        text.append(' ').append(flag.name().toLowerCase(Locale.ROOT));
        text.append(has(flag) ? " on" : " off");
      }
    }
    return text.toString().strip();
  }
}
