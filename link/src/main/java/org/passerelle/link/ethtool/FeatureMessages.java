package org.passerelle.link.ethtool;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.passerelle.link.netlink.Attribute;
import org.passerelle.link.netlink.Attributes;
import org.passerelle.link.netlink.NetlinkFlags;
import org.passerelle.link.netlink.NetlinkMessage;
import org.passerelle.link.netlink.NetlinkWriter;

/**
 * A link's features to and from ethtool's messages, which go over generic netlink (Linux
 * Documentation/networking/ethtool-netlink.rst, linux/ethtool_netlink.h, linux/genetlink.h).
 *
 * <pre>
 *   0          1          2           4
 *   | command  | version  | reserved  |  attributes
 * </pre>
 */
public final class FeatureMessages {
  /** struct genlmsghdr. */
  private static final int HEADER = 4;

  private static final int VERSION = 1;

  /** The family that knows the others, and what it is asked. */
  private static final int CONTROL = 0x10;

  private static final int CTRL_GET_FAMILY = 3;
  private static final int CTRL_FAMILY_ID = 1;
  private static final int CTRL_FAMILY_NAME = 2;

  // ETHTOOL_MSG_*
  private static final int FEATURES_GET = 11;
  private static final int FEATURES_SET = 12;

  // ETHTOOL_A_FEATURES_*
  private static final int DEVICE = 1;
  private static final int CHANGEABLE = 2;
  private static final int WANTED = 3;

  // ETHTOOL_A_HEADER_*
  private static final int DEVICE_INDEX = 1;
  private static final int DEVICE_FLAGS = 3;
  private static final int OMIT_REPLY = 2;

  // ETHTOOL_A_BITSET_* and ETHTOOL_A_BITSET_BIT_*
  private static final int BITS = 3;
  private static final int BIT = 1;
  private static final int BIT_NAME = 2;
  private static final int BIT_VALUE = 3;

  private FeatureMessages() {}

  /** Asks which message type ethtool has on this kernel. */
  public static NetlinkWriter family() {
    return message(CONTROL, 0, CTRL_GET_FAMILY).text(CTRL_FAMILY_NAME, "ethtool");
  }

  /** The answer to {@link #family}. */
  public static int family(NetlinkMessage answer) {
    return answer.attributes(HEADER).find(CTRL_FAMILY_ID).orElseThrow().u16();
  }

  /** Asks for the features of the link of this number. */
  public static NetlinkWriter get(int family, int link) {
    NetlinkWriter writer = message(family, 0, FEATURES_GET);
    int device = writer.begin(DEVICE | Attribute.NESTED);
    return writer.attribute32(DEVICE_INDEX, link).end(device);
  }

  /** The names of those features that can be changed, from the answer to {@link #get}. */
  public static List<String> changeable(NetlinkMessage answer) {
    Attributes bits = answer.attributes(HEADER).nested(CHANGEABLE).nested(BITS);
    List<String> names = new ArrayList<>();
    for (Attribute bit : bits) {
      if (bit.nested().find(BIT_VALUE).isPresent()) {
        names.add(bit.nested().text(BIT_NAME));
      }
    }
    return names;
  }

  /** Turns features on or off by their names; the others stay. */
  public static NetlinkWriter set(int family, int link, Map<String, Boolean> features) {
    NetlinkWriter writer = message(family, NetlinkFlags.ACK, FEATURES_SET);
    int device = writer.begin(DEVICE | Attribute.NESTED);
    writer.attribute32(DEVICE_INDEX, link).attribute32(DEVICE_FLAGS, OMIT_REPLY).end(device);
    int wanted = writer.begin(WANTED | Attribute.NESTED);
    int bits = writer.begin(BITS | Attribute.NESTED);
    features.forEach((name, on) -> bit(writer, name, on));
    return writer.end(bits).end(wanted);
  }

  private static void bit(NetlinkWriter writer, String name, boolean on) {
    int bit = writer.begin(BIT | Attribute.NESTED);
    writer.text(BIT_NAME, name);
    if (on) {
      writer.attribute(BIT_VALUE, new byte[0]);
    }
    writer.end(bit);
  }

  private static NetlinkWriter message(int type, int flags, int command) {
    return NetlinkWriter.message(type, NetlinkFlags.REQUEST | flags).u8(command).u8(VERSION).u16(0);
  }
}
