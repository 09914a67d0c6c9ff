package org.passerelle.hypervisor.xenstore.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.passerelle.hypervisor.xenstore.tree.Quotas;
import org.passerelle.hypervisor.xenstore.tree.Store;
import org.passerelle.hypervisor.xenstore.wire.XsHeader;

/** One client's channel, whose readiness to take answers the test decides. */
class SocketSessionTest {
  private static final int READ = 2;
  private static final int WATCH = 4;

  private final DomainTable domains = new DomainTable(new Store(Quotas.DEFAULT));
  private final EmbeddedChannel client =
      new EmbeddedChannel(new SocketSession(domains, new RequestHandler(domains)));

  private void takesAnswers(boolean takes) {
    client.unsafe().outboundBuffer().setUserDefinedWritability(1, takes);
    client.runPendingTasks();
  }

  private void asks(int type, String text) {
    client.writeInbound(Unpooled.wrappedBuffer(RawClient.request(type, 1, 0, text)));
  }

  /** What was sent to the client, payloads only, NULs as blanks. */
  private List<String> sent() {
    List<String> sent = new ArrayList<>();
    for (ByteBuf each = client.readOutbound(); each != null; each = client.readOutbound()) {
      sent.add(each.skipBytes(XsHeader.LENGTH).toString(StandardCharsets.UTF_8).replace('\0', ' '));
      each.release();
    }
    return sent;
  }

  @Test
  void nothingIsAnsweredOrReadWhileTheClientTakesNothing() {
    takesAnswers(false);
    asks(READ, "/none\0");
    asks(READ, "/none\0");
    assertThat(sent()).isEmpty();
    assertThat(client.config().isAutoRead()).isFalse();
    takesAnswers(true);
    assertThat(sent()).containsExactly("ENOENT ", "ENOENT ");
    assertThat(client.config().isAutoRead()).isTrue();
  }

  @Test
  void heldEventsComeInOrderBeforeAnythingElse() {
    asks(WATCH, "/w\0t\0");
    assertThat(sent()).containsExactly("OK ", "/w t ");
    takesAnswers(false);
    Session other = domains.open(0, (path, token) -> {});
    for (String path : List.of("/w/a", "/w/b", "/w/a")) {
      other.change(0, nodes -> nodes.write(other.resolve(path), new byte[0]));
    }
    asks(READ, "/none\0");
    takesAnswers(true);
    assertThat(sent()).containsExactly("/w/a t ", "/w/b t ", "ENOENT ");
  }

  @Test
  void aClosedChannelEndsItsWatches() {
    asks(WATCH, "/w\0t\0");
    Session other = domains.open(0, (path, token) -> {});
    client.close();
    assertThat(sent()).hasSize(2);
    other.change(0, nodes -> nodes.mkdir(other.resolve("/w/a")));
    assertThat(sent()).isEmpty();
  }

  @Test
  void heldEventsAreBoundedByWhatIsHeldNow() {
    HeldEvents held = new HeldEvents();
    byte[] event = new byte[4000];
    for (int round = 0; round < 3; round++) {
      int added = 0;
      for (boolean more = true; more; ) {
        event[0] = (byte) added;
        event[1] = (byte) (added >> 8);
        more = held.add(event.clone());
        added += more ? 1 : 0;
      }
      assertThat(added).isBetween(HeldEvents.MOST_OCTETS / 4200, HeldEvents.MOST_OCTETS / 4000);
      held.drain(taken -> true);
      assertThat(held.isEmpty()).isTrue();
    }
  }
}
