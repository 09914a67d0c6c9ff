package org.passerelle.link.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.passerelle.link.rtnl.LinkMessages;
import org.passerelle.link.testing.Golden;

class AcknowledgementTest {
  private static final Map<String, byte[]> GOLDEN =
      Golden.sections(LinkMessages.class, "replies.golden");

  @Test
  void refusalWithoutAText() {
    assertThat(parse(GOLDEN.get("ip link set dev vif0.0 master vif0.0")))
        .isEqualTo(new Acknowledgement(95, ""));
  }

  @Test
  void refusalWithTheKernelsText() {
    assertThat(parse(GOLDEN.get("ip link set dev vif0.0 mtu 10")))
        .isEqualTo(new Acknowledgement(22, "mtu less than device minimum"));
    assertThat(parse(GOLDEN.get("ip route add 10.0.0.0/8 via 10.9.9.9")))
        .isEqualTo(new Acknowledgement(101, "Nexthop has invalid gateway"));
  }

  @Test
  void cappedRefusalNamesWhatIsMissing() {
    byte[] capped =
        Golden.octets(
            """
            34 00 00 00 02 00 00 03 01 00 00 00 00 00 00 00 # 52 octets, NLMSG_ERROR, CAPPED and ACK_TLVS
            ea ff ff ff                                     # -EINVAL
            80 00 00 00 10 00 05 06 01 00 00 00 00 00 00 00 # the request's header: 128 octets, not here
            08 00 05 00 03 00 00 00                         #   NLMSGERR_ATTR_MISS_TYPE 3
            08 00 02 00 24 00 00 00                         #   NLMSGERR_ATTR_OFFS 36
            """);
    assertThat(parse(capped))
        .isEqualTo(new Acknowledgement(22, "attribute 3 is missing, at octet 36 of the request"));
  }

  @Test
  void requestLengthBeyondTheMessageIsMalformed() {
    byte[] spoilt = GOLDEN.get("ip link set dev vif0.0 mtu 10").clone();
    spoilt[20] = (byte) 0xF0;
    assertThatThrownBy(() -> parse(spoilt)).isInstanceOf(MalformedMessageException.class);
  }

  private static Acknowledgement parse(byte[] octets) {
    return Acknowledgement.parse(NetlinkMessage.parseAll(ByteBuffer.wrap(octets)).get(0));
  }
}
