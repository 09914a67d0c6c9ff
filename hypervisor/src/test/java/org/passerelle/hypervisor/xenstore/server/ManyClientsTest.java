package org.passerelle.hypervisor.xenstore.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.xenstore.StoreOperations;
import org.passerelle.hypervisor.xenstore.XenStore;
import org.passerelle.hypervisor.xenstore.XenStore.WatchEvent;
import org.passerelle.hypervisor.xenstore.client.SocketTransport;
import org.passerelle.hypervisor.xenstore.client.XenStoreClient;

/** Our client against our server, many at once. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ManyClientsTest {
  private static final int CLIENTS = 16;
  private static final int INCREMENTS = 50;

  @TempDir Path directory;
  private StoreServer server;

  @BeforeEach
  void start() throws IOException {
    server = new StoreServer();
    server.listen(directory.resolve("socket"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** Half of them by the socket, half within the process. */
  private XenStore connect(int number) {
    try {
      return number % 2 == 0
          ? server.connect(DomainId.DOM0)
          : new XenStoreClient(SocketTransport.connect(directory.resolve("socket")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void noIncrementIsLost() throws InterruptedException {
    try (XenStore store = connect(0)) {
      store.write("/n", "0");
      inParallel(
          number -> {
            try (XenStore client = connect(number)) {
              for (int i = 0; i < INCREMENTS; i++) {
                client.transaction(ManyClientsTest::increment);
              }
            }
          });
      assertThat(store.read("/n")).isEqualTo(Integer.toString(CLIENTS * INCREMENTS));
    }
  }

  private static Void increment(StoreOperations inside) {
    inside.write("/n", Integer.toString(Integer.parseInt(inside.read("/n")) + 1));
    return null;
  }

  @Test
  void oneClientServesManyThreadsAndAWatch() throws Exception {
    BlockingQueue<WatchEvent> events = new LinkedBlockingQueue<>();
    try (XenStore client = connect(1)) {
      client.watch("/m", "t", events::add);
      inParallel(
          number -> {
            for (int i = 0; i < INCREMENTS; i++) {
              String path = "/m/" + number + "/" + i;
              client.write(path, "v" + i);
              assertThat(client.read(path)).isEqualTo("v" + i);
            }
          });
      assertThat(events.poll(5, TimeUnit.SECONDS)).isEqualTo(new WatchEvent("/m", "t"));
      for (int i = 0; i < CLIENTS * INCREMENTS; i++) {
        WatchEvent event = events.poll(5, TimeUnit.SECONDS);
        assertThat(event).as("event %d", i).isNotNull();
        assertThat(event.path()).startsWith("/m/");
      }
    }
  }

  @Test
  void aClosedConnectionsTransactionsAndWatchesEnd() throws Exception {
    XenStore client = connect(1);
    client.watch("/gone", "t", event -> {});
    client.close();
    try (XenStore store = connect(0)) {
      store.write("/gone", "1");
      assertThat(store.read("/gone")).isEqualTo("1");
    }
  }

  private static void inParallel(IntConsumer work) throws InterruptedException {
    List<Throwable> failures = new ArrayList<>();
    List<Thread> threads =
        IntStream.range(0, CLIENTS)
            .mapToObj(
                number ->
                    Thread.ofPlatform()
                        .unstarted(
                            () -> {
                              try {
                                work.accept(number);
                              } catch (Throwable e) {
                                synchronized (failures) {
                                  failures.add(e);
                                }
                              }
                            }))
            .toList();
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failures).isEmpty();
  }
}
