package org.passerelle.hypervisor.xenstore.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.passerelle.hypervisor.xenstore.StoreException;
import org.passerelle.hypervisor.xenstore.wire.XsHeader;
import org.passerelle.hypervisor.xenstore.wire.XsMessage;
import org.passerelle.hypervisor.xenstore.wire.XsStrings;
import org.passerelle.hypervisor.xenstore.wire.XsType;

/** The client against a daemon that answers as no daemon of ours does. */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class StreamExchangeTest {
  /** Gives each request to a script, which sends what it likes. */
  private static final class Scripted implements Transport {
    private final PipedOutputStream toClient = new PipedOutputStream();
    private final PipedInputStream received = new PipedInputStream(1 << 16);
    private final BiConsumer<Scripted, XsMessage> script;

    Scripted(BiConsumer<Scripted, XsMessage> script) throws IOException {
      this.script = script;
      received.connect(toClient);
    }

    void answer(XsMessage... messages) {
      try {
        for (XsMessage message : messages) {
          toClient.write(message.encode());
        }
        toClient.flush();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void send(byte[] octets) {
      script.accept(this, XsMessage.parse(XsHeader.parse(octets, 0), octets, XsHeader.LENGTH));
    }

    @Override
    public int receive(byte[] into, int offset, int length) throws IOException {
      return received.read(into, offset, Math.min(length, 5)); // Never whole messages.
    }

    @Override
    public void close() {
      try {
        toClient.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static XsMessage event(String path, String token) {
    return XsMessage.event(XsStrings.join(path, token));
  }

  @Test
  void eventsAndStrayAnswersBeforeTheAnswer() throws IOException {
    try (var client =
        new XenStoreClient(
            new Scripted(
                (daemon, request) ->
                    daemon.answer(
                        event("/a", "t"),
                        XsMessage.of(XsType.READ, request.requestId() + 7, 0, new byte[] {'x'}),
                        request.reply(new byte[] {'1'}))))) {
      assertThat(client.read("/a")).isEqualTo("1");
      assertThat(client.read("/a")).isEqualTo("1");
    }
  }

  /** Whoever only listens learns of it too. */
  @Test
  void aDaemonThatIsGoneIsNoticedByAListener() throws Exception {
    Scripted daemon = new Scripted((self, request) -> self.answer(request.reply(new byte[0])));
    try (var client = new XenStoreClient(daemon)) {
      client.watch("/a", "t", event -> {});
      assertThat(client.isBroken()).isFalse();
      daemon.close();
      while (!client.isBroken()) {
        TimeUnit.MILLISECONDS.sleep(5);
      }
    }
  }

  @Test
  void answersInAnotherOrderFindWhoAsked() throws IOException {
    List<XsMessage> reads = Collections.synchronizedList(new ArrayList<>());
    var client =
        new XenStoreClient(
            new Scripted(
                (daemon, request) -> {
                  if (!request.is(XsType.READ)) {
                    daemon.answer(request.reply(XsStrings.join("OK")));
                    return;
                  }
                  reads.add(request);
                  if (reads.size() == 3) {
                    for (XsMessage read : reads.reversed()) {
                      String path = XsStrings.split(read.payload()).getFirst();
                      daemon.answer(event("/w", "1:t"), read.reply(path.getBytes()));
                    }
                  }
                }));
    List<String> events = Collections.synchronizedList(new ArrayList<>());
    client.watch("/w", "t", each -> events.add(each.path() + " " + each.token()));
    List<CompletableFuture<String>> answers = new ArrayList<>();
    for (String path : List.of("/a", "/b", "/c")) {
      answers.add(
          CompletableFuture.supplyAsync(() -> client.read(path), Thread::startVirtualThread));
    }
    assertThat(answers.stream().map(CompletableFuture::join)).containsExactly("/a", "/b", "/c");
    assertThat(events).isNotEmpty().containsOnly("/w t");
    client.close();
  }

  @Test
  void aDaemonThatGoesAwayFailsThisAndEachLaterCall() throws IOException {
    var client = new XenStoreClient(new Scripted((daemon, request) -> daemon.close()));
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> client.read("/a"))
          .isInstanceOfSatisfying(StoreException.class, e -> assertThat(e.error()).isEqualTo("EIO"))
          .hasMessageStartingWith("read /a: no connection to XenStore");
    }
  }

  @Test
  void aDaemonThatGoesAwayFailsWhoeverWaits() throws IOException {
    var client =
        new XenStoreClient(
            new Scripted(
                (daemon, request) -> {
                  if (request.is(XsType.WATCH)) {
                    daemon.answer(request.reply(XsStrings.join("OK")));
                  } else {
                    daemon.close();
                  }
                }));
    client.watch("/w", "t", event -> {});
    assertThatThrownBy(() -> client.read("/a")).hasMessageContaining("the daemon closed");
    assertThatThrownBy(() -> client.write("/a", "")).isInstanceOf(StoreException.class);
  }

  @Test
  void anAnswerThatIsNone() throws IOException {
    var wrongType =
        new XenStoreClient(
            new Scripted(
                (daemon, request) ->
                    daemon.answer(
                        XsMessage.of(XsType.WRITE, request.requestId(), 0, new byte[3]))));
    assertThatThrownBy(() -> wrongType.read("/a")).hasMessageContaining("answered by WRITE");
    var emptyError =
        new XenStoreClient(
            new Scripted(
                (daemon, request) ->
                    daemon.answer(
                        XsMessage.of(XsType.ERROR, request.requestId(), 0, new byte[0]))));
    assertThatThrownBy(() -> emptyError.read("/a")).hasMessage("read /a: EIO");
  }

  @Test
  void aListThatChangesBetweenItsPartsIsReadAgain() throws IOException {
    List<String> asked = new ArrayList<>();
    var client =
        new XenStoreClient(
            new Scripted(
                (daemon, request) -> {
                  if (request.is(XsType.DIRECTORY)) {
                    daemon.answer(request.refuse("E2BIG"));
                    return;
                  }
                  asked.add(XsStrings.split(request.payload()).get(1));
                  String[] part =
                      switch (asked.size()) {
                        case 1 -> new String[] {"7", "aa", "bb"}; // Generation 7, more to come.
                        case 2 -> new String[] {"8", "cc", ""}; // Another generation.
                        case 3 -> new String[] {"8", "aa"};
                        default -> new String[] {"8", "cc", ""};
                      };
                  daemon.answer(request.reply(XsStrings.join(part)));
                }));
    assertThat(client.list("/l")).containsExactly("aa", "cc");
    assertThat(asked).containsExactly("0", "6", "0", "3");
  }
}
