package org.passerelle.link.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

class NetlinkConversationTest {
  private static final int OBJECT = 16;
  private static final int INTERRUPTED = NetlinkFlags.MULTI | NetlinkFlags.DUMP_INTERRUPTED;
  private static final int ENOBUFS = 105;

  private final Script script = new Script();
  private final NetlinkConversation conversation = new NetlinkConversation(script);

  @Test
  void consistentDumpIsAskedForOnce() {
    script.answer(
        sequence -> List.of(object(sequence, NetlinkFlags.MULTI, 1), done(sequence, 0, 0)));
    assertThat(values(dump())).containsExactly(1);
    assertThat(script.sent).hasSize(1);
  }

  @Test
  void interruptedDumpIsAskedForAgain() {
    script.answer(
        sequence ->
            List.of(
                object(sequence, NetlinkFlags.MULTI, 1),
                object(sequence, INTERRUPTED, 2),
                done(sequence, NetlinkFlags.MULTI, 0)));
    script.answer(
        sequence ->
            List.of(object(sequence, NetlinkFlags.MULTI, 3), done(sequence, INTERRUPTED, 0)));
    script.answer(
        sequence -> List.of(object(sequence, NetlinkFlags.MULTI, 4), done(sequence, 0, 0)));
    assertThat(values(dump())).containsExactly(4);
    assertThat(script.sent).hasSize(3).doesNotHaveDuplicates();
  }

  @Test
  void dumpThatIsAlwaysInterruptedFails() {
    for (int i = 0; i < NetlinkConversation.DUMP_TRIES; i++) {
      script.answer(sequence -> List.of(done(sequence, INTERRUPTED, 0)));
    }
    assertThatThrownBy(this::dump)
        .isInstanceOf(NetlinkException.class)
        .hasMessageContaining("changed during each of 20 readings");
  }

  @Test
  void lostMessagesMakeADumpBeAskedForAgain() {
    script.answer(sequence -> List.of(object(sequence, NetlinkFlags.MULTI, 1)));
    script.fail(ENOBUFS);
    script.more(sequence -> List.of(done(sequence, 0, 0)));
    script.answer(
        sequence -> List.of(object(sequence, NetlinkFlags.MULTI, 2), done(sequence, 0, 0)));
    assertThat(values(dump())).containsExactly(2);
  }

  @Test
  void failedDumpSaysWhy() {
    script.answer(sequence -> List.of(done(sequence, NetlinkFlags.MULTI, 95)));
    assertThatThrownBy(this::dump)
        .isInstanceOfSatisfying(NetlinkException.class, e -> assertThat(e.errno()).isEqualTo(95));
  }

  @Test
  void leftOversOfOtherRequestsAreDropped() {
    script.answer(
        sequence ->
            List.of(object(sequence - 1, 0, 1), error(sequence + 7, 16), object(sequence, 0, 2)));
    NetlinkMessage answer = conversation.get(request());
    assertThat(values(List.of(answer))).containsExactly(2);
  }

  @Test
  void changeWaitsForItsAcknowledgement() {
    script.answer(sequence -> List.of(error(sequence - 1, 16)));
    script.more(sequence -> List.of(error(sequence, 0)));
    conversation.change(request());
    assertThat(script.left()).isZero();
  }

  @Test
  void refusedChangeHasTheErrno() {
    script.answer(sequence -> List.of(error(sequence, 16)));
    assertThatThrownBy(() -> conversation.change(request()))
        .isInstanceOfSatisfying(NetlinkException.class, e -> assertThat(e.errno()).isEqualTo(16));
  }

  @Test
  void lostAcknowledgementIsAnError() {
    script.answer(sequence -> List.of());
    script.fail(ENOBUFS);
    assertThatThrownBy(() -> conversation.change(request()))
        .isInstanceOfSatisfying(
            NetlinkException.class, e -> assertThat(e.errno()).isEqualTo(ENOBUFS));
  }

  private List<NetlinkMessage> dump() {
    return conversation.dump(NetlinkWriter.message(18, NetlinkFlags.REQUEST | NetlinkFlags.DUMP));
  }

  private static NetlinkWriter request() {
    return NetlinkWriter.message(OBJECT, NetlinkFlags.REQUEST | NetlinkFlags.ACK);
  }

  private static List<Integer> values(List<NetlinkMessage> messages) {
    return messages.stream().map(message -> message.struct(4).getInt(0)).toList();
  }

  private static byte[] object(int sequence, int flags, int value) {
    return NetlinkWriter.message(OBJECT, flags).u32(value).finish(sequence);
  }

  private static byte[] done(int sequence, int flags, int errno) {
    return NetlinkWriter.message(NetlinkMessage.DONE, flags).u32(-errno).finish(sequence);
  }

  private static byte[] error(int sequence, int errno) {
    byte[] header = new byte[16];
    return NetlinkWriter.message(NetlinkMessage.ERROR, NetlinkFlags.CAPPED)
        .u32(-errno)
        .octets(header)
        .finish(sequence);
  }

  /** Answers requests in order, each with one datagram made for its sequence number. */
  private static final class Script implements NetlinkTransport {
    private final Deque<IntFunction<List<byte[]>>> answers = new ArrayDeque<>();
    private final Deque<IntFunction<List<byte[]>>> queue = new ArrayDeque<>();
    private final List<Integer> sent = new ArrayList<>();
    private final List<Boolean> starts = new ArrayList<>();
    private int sequence;

    void answer(IntFunction<List<byte[]>> datagram) {
      answers.add(datagram);
      starts.add(true);
    }

    void more(IntFunction<List<byte[]>> datagram) {
      answers.add(datagram);
      starts.add(false);
    }

    void fail(int errno) {
      more(
          ignored -> {
            throw new NetlinkException(errno, "scripted");
          });
    }

    int left() {
      return queue.size() + answers.size();
    }

    @Override
    public void send(byte[] datagram) {
      sequence = ByteBuffer.wrap(datagram).order(ByteOrder.nativeOrder()).getInt(8);
      sent.add(sequence);
      queue.clear();
      do {
        queue.add(answers.remove());
        starts.removeFirst();
      } while (!starts.isEmpty() && !starts.getFirst());
    }

    @Override
    public ByteBuffer receive() {
      NetlinkWriter joined = new NetlinkWriter();
      queue.remove().apply(sequence).forEach(joined::octets);
      return ByteBuffer.wrap(joined.toBytes());
    }

    @Override
    public void close() {
      queue.clear();
    }
  }
}
