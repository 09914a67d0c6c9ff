package org.passerelle.hypervisor.xenstore.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.xenstore.XenStore;

/** Clients that ask and do not take the answers. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class SlowClientTest {
  @TempDir Path directory;
  private StoreServer server;
  private XenStore dom0;

  @BeforeEach
  void start() throws IOException {
    server = new StoreServer();
    server.listen(directory.resolve("socket"));
    dom0 = server.connect(DomainId.DOM0);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private RawClient connect() throws IOException {
    return new RawClient(directory.resolve("socket"));
  }

  @Test
  void allAnswersComeInOrderWhenItReadsAtLast() throws Exception {
    dom0.write("/big", "x".repeat(4000));
    int requests = 5000; // Twenty megabytes of answers.
    try (RawClient client = connect()) {
      Thread sender = Thread.ofPlatform().start(() -> sendReads(client, requests));
      Thread.sleep(300);
      assertThat(dom0.read("/tool")).as("others are served meanwhile").isEmpty();
      assertThat(sender.isAlive()).as("its requests wait: nobody takes them").isTrue();
      for (int i = 0; i < requests; i++) {
        byte[] answer = client.receive(16 + 4000);
        assertThat(ByteBuffer.wrap(answer).order(ByteOrder.LITTLE_ENDIAN).getInt(4)).isEqualTo(i);
      }
      sender.join();
    }
  }

  private static void sendReads(RawClient client, int requests) {
    try {
      for (int i = 0; i < requests; i++) {
        client.send(RawClient.request(2, i, 0, "/big\0"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void anEventThatWaitsIsNotHeldTwice() throws IOException {
    try (RawClient client = connect()) {
      assertThat(client.ask(4, "/w\0t\0")).isEqualTo("4 OK ");
      assertThat(client.receiveText()).isEqualTo("15 /w t ");
      for (int i = 0; i < 100_000; i++) {
        dom0.write("/w/same", "1");
      }
      assertThat(client.receiveText()).isEqualTo("15 /w/same t ");
      dom0.write("/w/last", "1");
      int events = 0;
      while (!client.receiveText().equals("15 /w/last t ")) {
        events++;
      }
      assertThat(events).as("fewer than there were changes").isBetween(1, 50_000);
    }
  }

  @Test
  void whoLeavesTooManyEventsIsCutOffAloneAndSoon() throws IOException {
    try (RawClient slow = connect();
        RawClient other = connect()) {
      assertThat(slow.ask(4, "/w\0" + "t".repeat(4000) + "\0")).isEqualTo("4 OK ");
      assertThat(slow.receiveText()).startsWith("15 ");
      for (int i = 0; i < 1000; i++) {
        dom0.write("/w/" + i, "1");
      }
      assertThatThrownBy(() -> receiveAll(slow)).isInstanceOf(IOException.class);
      assertThat(other.ask(2, "/w/999\0")).isEqualTo("2 1");
    }
  }

  private static void receiveAll(RawClient client) throws IOException {
    while (true) {
      client.receiveText();
    }
  }
}
