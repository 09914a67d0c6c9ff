package org.passerelle.link.rtnl;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.passerelle.link.netlink.NetlinkMessage;
import org.passerelle.link.testing.Golden;

/** The kernel's answer about a link serves as its news: the message is the same. */
class LinkNewsTest {
  private static final int TYPE = 4;
  private static final int FAMILY = 16;

  /** Where IFLA_PROMISCUITY's value lies in the golden answer. */
  private static final int PROMISCUITY = 16 + 16 + 12 + 8 * 4 + 8 * 4 + 4;

  private static final int AF_BRIDGE = 7;

  private final ByteBuffer octets =
      ByteBuffer.wrap(
              Golden.sections(LinkNewsTest.class, "replies.golden")
                  .get("ip -d link show dev veth0"))
          .order(ByteOrder.nativeOrder());

  private Optional<LinkNews> parse() {
    return LinkNews.parse(NetlinkMessage.parseAll(octets.duplicate()).getFirst());
  }

  @Test
  void aLinkThatChanged() {
    octets.putInt(PROMISCUITY, 2);
    LinkNews news = parse().orElseThrow();
    assertThat(news.gone()).isFalse();
    assertThat(news.promiscuity()).isEqualTo(2);
    assertThat(news.link().name()).isEqualTo("veth0");
    assertThat(news.link().index()).isEqualTo(10);
  }

  @Test
  void aLinkThatIsGone() {
    octets.putShort(TYPE, (short) Rtm.DELLINK);
    assertThat(parse().orElseThrow().gone()).isTrue();
  }

  /** A bridge of the kernel's tells of its ports in messages of the same type. */
  @Test
  void aPortThatLeftItsBridgeIsNoLinkThatIsGone() {
    octets.putShort(TYPE, (short) Rtm.DELLINK).put(FAMILY, (byte) AF_BRIDGE);
    assertThat(parse()).isEmpty();
  }

  @Test
  void anythingElseIsNoNewsOfALink() {
    octets.putShort(TYPE, (short) Rtm.NEWADDR);
    assertThat(parse()).isEmpty();
  }
}
