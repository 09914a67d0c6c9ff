package org.passerelle.link.ethtool;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.passerelle.link.netlink.NetlinkMessage;
import org.passerelle.link.testing.Golden;

/**
 * Octets as ethtool(8) 6.1 sent them, but for a number in the place of the device's name, and as
 * Linux 6.18 answered, cut down to what is read. Caught at the calls of ethtool and of Python.
 */
class FeatureMessagesTest {

  @Test
  void asksForTheFamily() {
    assertThat(FeatureMessages.family().finish(1))
        .isEqualTo(
            Golden.octets(
                """
                20 00 00 00 10 00 01 00 01 00 00 00 00 00 00 00  # 32 octets, nlctrl, REQUEST, first
                03 01 00 00                                      # CTRL_CMD_GETFAMILY, version 1
                0c 00 02 00 65 74 68 74 6f 6f 6c 00              # CTRL_ATTR_FAMILY_NAME "ethtool"
                """));
  }

  @Test
  void readsTheFamily() {
    String answer =
        """
        30 00 00 00 10 00 00 00 01 00 00 00 b0 55 00 00  # 48 octets, nlctrl
        01 02 00 00                                      # CTRL_CMD_NEWFAMILY, version 2
        0c 00 02 00 65 74 68 74 6f 6f 6c 00              # CTRL_ATTR_FAMILY_NAME "ethtool"
        06 00 01 00 15 00 00 00                          # CTRL_ATTR_FAMILY_ID 21
        08 00 03 00 01 00 00 00                          # CTRL_ATTR_VERSION 1
        """;
    assertThat(FeatureMessages.family(message(answer))).isEqualTo(21);
  }

  @Test
  void turnsFeaturesOnAndOff() {
    TreeMap<String, Boolean> features = new TreeMap<>();
    features.put("tx-gso-list", false);
    features.put("tx-tcp-segmentation", true);
    assertThat(FeatureMessages.set(21, 3, features).finish(3))
        .isEqualTo(
            Golden.octets(
                """
                64 00 00 00 15 00 05 00 03 00 00 00 00 00 00 00  # 100 octets, ethtool, REQUEST | ACK
                0c 01 00 00                                      # ETHTOOL_MSG_FEATURES_SET, version 1
                14 00 01 80                                      #   ETHTOOL_A_FEATURES_HEADER
                08 00 01 00 03 00 00 00                          #     ..._DEV_INDEX 3
                08 00 03 00 02 00 00 00                          #     ..._FLAGS OMIT_REPLY
                3c 00 03 80                                      #   ETHTOOL_A_FEATURES_WANTED
                38 00 03 80                                      #     ETHTOOL_A_BITSET_BITS
                14 00 01 80                                      #       one, off:
                10 00 02 00 74 78 2d 67 73 6f 2d 6c 69 73 74 00  #         "tx-gso-list"
                20 00 01 80                                      #       one, on:
                18 00 02 00 74 78 2d 74 63 70 2d 73 65 67 6d 65  #         "tx-tcp-segme
                6e 74 61 74 69 6f 6e 00                          #         ntation"
                04 00 03 00                                      #         ..._BIT_VALUE, a flag
                """));
  }

  @Test
  void readsWhatCanBeChanged() {
    String answer =
        """
        84 00 00 00 15 00 00 00 02 00 00 00 b0 55 00 00  # 132 octets, ethtool
        0b 01 00 00                                      # ETHTOOL_MSG_FEATURES_GET_REPLY
        14 00 01 80                                      #   ETHTOOL_A_FEATURES_HEADER
        08 00 01 00 03 00 00 00                          #     ..._DEV_INDEX 3
        07 00 02 00 76 61 00 00                          #     ..._DEV_NAME "va"
        5c 00 02 80                                      #   ETHTOOL_A_FEATURES_HW
        08 00 02 00 40 00 00 00                          #     ETHTOOL_A_BITSET_SIZE 64
        50 00 03 80                                      #     ETHTOOL_A_BITSET_BITS
        28 00 01 80                                      #       one that can be changed:
        08 00 01 00 00 00 00 00                          #         ..._INDEX 0
        16 00 02 00 74 78 2d 73 63 61 74 74 65 72 2d 67  #         ..._NAME "tx-scatter-g
        61 74 68 65 72 00 00 00                          #         ather"
        04 00 03 00                                      #         ..._VALUE, a flag
        24 00 01 80                                      #       one that cannot:
        08 00 01 00 01 00 00 00                          #         ..._INDEX 1
        15 00 02 00 74 78 2d 63 68 65 63 6b 73 75 6d 2d  #         ..._NAME "tx-checksum-
        69 70 76 34 00 00 00 00                          #         ipv4"
        """;
    assertThat(FeatureMessages.changeable(message(answer))).containsExactly("tx-scatter-gather");
  }

  private static NetlinkMessage message(String golden) {
    return NetlinkMessage.parseAll(ByteBuffer.wrap(Golden.octets(golden))).getFirst();
  }

  @Test
  void whatAFrameCannotTellOfIsOff() {
    List<String> changeable =
        List.of(
            "rx-checksum",
            "tx-checksum-ip-generic",
            "tx-checksum-sctp",
            "tx-gso-list",
            "tx-nocache-copy",
            "tx-scatter-gather",
            "tx-tcp-segmentation",
            "tx-tcp6-segmentation",
            "tx-udp_tnl-segmentation",
            "tx-yet-unheard-of-segmentation");
    assertThat(new SendOffloads(true, true, false).features(changeable))
        .containsOnlyKeys(
            "tx-checksum-ip-generic",
            "tx-checksum-sctp",
            "tx-gso-list",
            "tx-tcp-segmentation",
            "tx-tcp6-segmentation",
            "tx-udp_tnl-segmentation",
            "tx-yet-unheard-of-segmentation")
        .containsEntry("tx-checksum-ip-generic", true)
        .containsEntry("tx-tcp-segmentation", true)
        .doesNotContainEntry("tx-tcp6-segmentation", true)
        .doesNotContainEntry("tx-udp_tnl-segmentation", true)
        .doesNotContainEntry("tx-yet-unheard-of-segmentation", true)
        .doesNotContainEntry("tx-checksum-sctp", true)
        .doesNotContainEntry("tx-gso-list", true);
    assertThat(new SendOffloads(false, true, true).features(changeable)).doesNotContainValue(true);
  }
}
