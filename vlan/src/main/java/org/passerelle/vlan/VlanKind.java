package org.passerelle.vlan;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.rtnl.LinkKind;
import org.passerelle.link.rtnl.RawAttribute;
import org.passerelle.link.rtnl.VlanFlags;
import org.passerelle.link.wire.EtherType;
import org.passerelle.link.wire.VlanId;

/**
 * The kernel's own VLAN device, IFLA_VLAN_* of linux/if_link.h: what a device receives with this
 * tag comes in by it, untagged, and what goes out by it leaves that device with the tag.
 *
 * @param device the device that it lies on
 * @param protocol the tag's EtherType: {@link EtherType#VLAN}, {@link EtherType#SERVICE_VLAN}, or
 *     what a kernel of another time says
 */
public record VlanKind(String device, VlanId id, int protocol, VlanFlags flags)
    implements LinkKind {
  public static final String NAME = VlanFlags.KIND;

  private static final int ID = 1;

  /** In the network's byte order, which everything else of netlink is not. */
  private static final int PROTOCOL = 5;

  /** As one wants it nearly always: 802.1Q, with the kernel's own flags. */
  public VlanKind(String device, VlanId id) {
    this(device, id, EtherType.VLAN, VlanFlags.DEFAULT);
  }

  /**
   * The settings in a VLAN device's IFLA_INFO_DATA; what is not among ours is left out. Empty when
   * there is no VLAN of ours to be read.
   */
  public static Optional<VlanKind> of(String device, List<RawAttribute> data) {
    return find(data, ID, Short.BYTES)
        .map(value -> Short.toUnsignedInt(value.order(ByteOrder.nativeOrder()).getShort()))
        .filter(number -> number >= VlanId.LOWEST && number <= VlanId.HIGHEST)
        .map(
            number -> new VlanKind(device, new VlanId(number), protocol(data), VlanFlags.of(data)));
  }

  /** What a link is as a VLAN device on {@code device}; empty when it is none. */
  public static Optional<VlanKind> of(String device, Link link) {
    return link.kind().equals(NAME) ? of(device, link.data()) : Optional.empty();
  }

  /** Kernels before 3.10 do not tell: they know one only. */
  private static int protocol(List<RawAttribute> data) {
    return find(data, PROTOCOL, Short.BYTES)
        .map(value -> Short.toUnsignedInt(value.getShort()))
        .orElse(EtherType.VLAN);
  }

  private static Optional<ByteBuffer> find(List<RawAttribute> data, int type, int length) {
    return data.stream()
        .filter(attribute -> attribute.type() == type && attribute.value().length == length)
        .map(attribute -> ByteBuffer.wrap(attribute.value()))
        .findFirst();
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Optional<String> lower() {
    return Optional.of(device);
  }

  @Override
  public List<RawAttribute> data() {
    List<RawAttribute> data = new ArrayList<>();
    data.add(attribute(ID, octets(Short.BYTES).putShort((short) id.number())));
    data.add(attribute(PROTOCOL, ByteBuffer.allocate(Short.BYTES).putShort((short) protocol)));
    data.addAll(flags.data());
    return data;
  }

  private static ByteBuffer octets(int length) {
    return ByteBuffer.allocate(length).order(ByteOrder.nativeOrder());
  }

  private static RawAttribute attribute(int type, ByteBuffer value) {
    return new RawAttribute(type, value.array());
  }

  @Override
  public String ipArguments() {
    String tag =
        switch (protocol) {
          case EtherType.VLAN -> "802.1Q";
          case EtherType.SERVICE_VLAN -> "802.1ad";
          default -> "0x" + Integer.toHexString(protocol);
        };
    return ("id " + id + " protocol " + tag + " " + flags.ipArguments()).strip();
  }
}
