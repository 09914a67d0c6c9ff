package org.passerelle.hypervisor.xenstore.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.passerelle.hypervisor.xenstore.XenStore;
import org.passerelle.hypervisor.xenstore.XenStore.Permissions;
import org.passerelle.hypervisor.xenstore.XenStore.WatchEvent;
import org.passerelle.hypervisor.xenstore.client.SocketTransport;
import org.passerelle.hypervisor.xenstore.client.XenStoreClient;

/** Xen's own daemon: with our client, and as the judge of our server. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class CXenstoredTest {
  private static final long SEED = Long.getLong("passerelle.fuzz.seed", 20_250_602L);
  private static final int REQUESTS = 20_000;

  @TempDir Path directory;
  private final Random random = new Random(SEED);

  @Test
  void ourClient() throws Exception {
    try (CXenstored daemon = CXenstored.start(directory);
        XenStore store = new XenStoreClient(SocketTransport.connect(daemon.socket()))) {
      store.write("/a/b", "grüße");
      assertThat(store.read("/a/b")).isEqualTo("grüße");
      assertThat(store.readIfPresent("/a/none")).isEmpty();
      store.write("backend/vif/1/0/hotplug-status", "connected");
      assertThat(store.list("/local/domain/0/backend/vif")).containsExactly("1");
      store.setPermissions("/a/b", new Permissions(List.of("r0", "n0")));
      assertThat(store.permissions("/a/b").entries()).containsExactly("r0", "n0");
      assertThatThrownBy(() -> store.read("/bad path")).hasMessage("read /bad path: EINVAL");
      for (int i = 0; i < 500; i++) {
        store.mkdir("/many/a-child-of-some-length-" + i);
      }
      assertThat(store.list("/many")).hasSize(500).doesNotHaveDuplicates();
      store.remove("/many");
      assertThat(store.readIfPresent("/many")).isEmpty();
      watchAndTransaction(store);
    }
  }

  private static void watchAndTransaction(XenStore store) throws InterruptedException {
    BlockingQueue<WatchEvent> events = new LinkedBlockingQueue<>();
    store.write("/n", "0");
    XenStore.Watch watch = store.watch("/n", "mine", events::add);
    try {
      assertThat(events.poll(5, TimeUnit.SECONDS)).isEqualTo(new WatchEvent("/n", "mine"));
      List<String> seen = new ArrayList<>();
      store.transaction(
          inside -> {
            seen.add(inside.read("/n"));
            if (seen.size() == 1) {
              store.write("/n", "1"); // Comes between: EAGAIN, and again from the start.
            }
            inside.write("/n", seen.getLast() + "!");
            return null;
          });
      assertThat(seen).containsExactly("0", "1");
      assertThat(store.read("/n")).isEqualTo("1!");
      assertThat(events.poll(5, TimeUnit.SECONDS)).isEqualTo(new WatchEvent("/n", "mine"));
    } finally {
      watch.close();
    }
  }

  /**
   * The same requests to both daemons; each answers the same, and tells of the same events. While a
   * transaction is open all of them are in it: theirs sees others' changes until it has looked at a
   * node, ours is a copy from its beginning, as docs/misc/xenstore.txt has it.
   */
  @Test
  void ourServerAnswersAsItDoes() throws Exception {
    try (CXenstored daemon = CXenstored.start(directory);
        StoreServer server = new StoreServer()) {
      server.listen(directory.resolve("socket"));
      try (RawClient theirs = new RawClient(daemon.socket());
          RawClient ours = new RawClient(directory.resolve("socket"))) {
        int transaction = 0;
        for (int i = 0; i < REQUESTS; i++) {
          int type = type(transaction != 0);
          String payload = payload(type);
          byte[] request = RawClient.request(type, 1, transaction, payload);
          List<String> answers = answers(ours, request);
          assertThat(answers)
              .as("seed %d, request %d: %d %s in %d", SEED, i, type, payload, transaction)
              .isEqualTo(answers(theirs, request));
          transaction = transactionAfter(transaction, answers);
        }
      }
    }
  }

  private static int transactionAfter(int transaction, List<String> answers) {
    String answer = String.join(";", answers);
    if (answer.matches("(.*;)?6 [0-9]+ (;.*)?")) {
      return Integer.parseInt(answer.replaceFirst("(.*;)?6 ([0-9]+) (;.*)?", "$2"));
    }
    return answer.matches("(.*;)?(7|21) OK (;.*)?") ? 0 : transaction;
  }

  /** The answer and the events, in any order, for which the answer to a second request waits. */
  private static List<String> answers(RawClient client, byte[] request) throws IOException {
    client.send(request);
    client.send(RawClient.request(2, 2, 0, "/tool/xenstored/fence\0"));
    List<String> answers = new ArrayList<>();
    for (int left = 2; left > 0; ) {
      String answer = client.receiveText();
      left -= answer.startsWith("15 ") ? 0 : 1;
      answers.add(answer.startsWith("22 ") ? withoutGeneration(answer) : answer);
    }
    return answers.stream().sorted().distinct().toList(); // Theirs drops an event told twice.
  }

  /** Of a part of a list, the names: the two count generations each in its own way. */
  private static String withoutGeneration(String answer) {
    return answer.replaceFirst(" [0-9]+ ", " ");
  }

  private int type(boolean within) {
    if (within && random.nextInt(8) == 0) {
      return 7;
    }
    int[] types = {1, 2, 3, 4, 5, 6, 7, 10, 11, 11, 11, 12, 12, 13, 14, 17, 21, 22, 27};
    int type = types[random.nextInt(types.length)];
    return type == 21 && random.nextInt(10) > 0 ? 2 : type;
  }

  private String payload(int type) {
    return switch (type) {
      case 4 -> path() + "\0t" + random.nextInt(2) + "\0";
      case 5 -> legalPath() + "\0t" + random.nextInt(2) + "\0";
      case 6 -> "\0";
      case 7 -> random.nextInt(3) > 0 ? "T\0" : "F\0";
      case 10, 17 -> random.nextInt(3) + "\0";
      case 11 -> path() + "\0v" + random.nextInt(3);
      case 14 -> path() + "\0" + (random.nextBoolean() ? "n0\0" : "b0\0r0\0");
      case 22 -> path() + "\0" + "0\0";
      default -> path() + "\0";
    };
  }

  private String path() {
    if (random.nextInt(30) == 0) {
      List<String> odd = List.of("/", "", "//", "/a/", "/a.b", "/tool");
      return odd.get(random.nextInt(odd.size()));
    }
    return legalPath();
  }

  private String legalPath() {
    StringBuilder path = new StringBuilder(random.nextInt(6) == 0 ? "rel" : "");
    for (int depth = 1 + random.nextInt(3); depth > 0; depth--) {
      path.append('/').append((char) ('a' + random.nextInt(3)));
    }
    return path.toString();
  }
}
