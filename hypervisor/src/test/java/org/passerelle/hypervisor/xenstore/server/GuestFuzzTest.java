package org.passerelle.hypervisor.xenstore.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.passerelle.hypervisor.xenstore.tree.Node;
import org.passerelle.hypervisor.xenstore.tree.Quotas;
import org.passerelle.hypervisor.xenstore.tree.StorePath;
import org.passerelle.hypervisor.xenstore.tree.StoreTree;

/**
 * Guests that ask for anything: what is not theirs they neither see nor change, no quota is ever
 * exceeded, and what they can make the store keep is bounded.
 */
class GuestFuzzTest {
  private static final long SEED = Long.getLong("passerelle.fuzz.seed", 20_251_126L);
  private static final int REQUESTS = Boolean.getBoolean("passerelle.full") ? 1_000_000 : 50_000;
  private static final int GUESTS = 2;
  private static final String SECRET = "SECRET";
  private static final long MEGABYTE = 1 << 20;

  /** Nodes 40, node size 300, permissions 3, path 200, memory 6000, watches 6, transactions 3. */
  private static final Quotas SMALL = new Quotas(40, 300, 3, 200, 6000, 6, 3, 30, 20);

  private final Random random = new Random(SEED);
  private OurStore store;

  @BeforeEach
  void aStoreWithPlacesThatAreSomebodys() {
    begin(SMALL);
  }

  /** Each guest's directory, a place where all may write, and one where only dom0 may. */
  private void begin(Quotas quotas) {
    store = new OurStore(quotas);
    for (int guest = 1; guest <= GUESTS; guest++) {
      ask(0, 8, guest + "\0" + "1\0" + "1\0");
      store.connect(guest);
      ask(0, 11, "/local/domain/" + guest + "/a\0");
      ask(0, 14, "/local/domain/" + guest + "\0n" + guest + "\0");
      ask(0, 14, "/local/domain/" + guest + "/a\0n" + guest + "\0");
    }
    ask(0, 11, "/s/a\0");
    ask(0, 14, "/s\0b0\0");
    ask(0, 11, "/a/" + SECRET + "\0" + SECRET);
    ask(0, 11, "/b/c\0" + SECRET);
    store.takeSent(0);
  }

  private void ask(int domain, int type, String payload) {
    store.ask(domain, RawClient.request(type, 1, 0, payload));
  }

  @Test
  void guestsKeepWithinWhatIsTheirs() {
    Node secrets = node("/a");
    RandomRequests requests = new RandomRequests(random, GUESTS + 1);
    for (int i = 0; i < REQUESTS; i++) {
      int guest = 1 + random.nextInt(GUESTS);
      store.ask(guest, request(requests));
      assertThat(toldBy(guest)).as("seed %d, request %d by %d", SEED, i, guest).isEqualTo(1);
      assertThatQuotasHold(i, guest);
    }
    assertThat(node("/a")).as("with all below it").isSameAs(secrets);
    ask(0, 2, "/b/c\0");
    assertThat(text(store.takeSent(0).getFirst())).endsWith(SECRET);
  }

  /** One in four has octets that are anything. */
  private byte[] request(RandomRequests requests) {
    int transaction = random.nextInt(6);
    RandomRequests.Request next = requests.next(transaction != 0);
    byte[] octets = RawClient.request(next.type(), 1, transaction, next.payload());
    if (random.nextInt(4) == 0 && octets.length > 16) {
      octets[16 + random.nextInt(octets.length - 16)] = (byte) random.nextInt(256);
    }
    return octets;
  }

  /** How many answers that guest was sent; nobody is sent a secret. */
  private long toldBy(int asker) {
    long answers = 0;
    for (int guest = 1; guest <= GUESTS; guest++) {
      for (byte[] message : store.takeSent(guest)) {
        assertThat(text(message)).as("seed %d", SEED).doesNotContain(SECRET);
        answers += guest == asker && message[0] != 15 ? 1 : 0;
      }
    }
    return answers;
  }

  private void assertThatQuotasHold(int request, int guest) {
    StoreTree tree = store.tree();
    assertThat(tree.nodesOf(guest)).as("seed %d, %d", SEED, request).isLessThanOrEqualTo(40);
    assertThat(tree.octetsOf(guest)).as("seed %d, %d", SEED, request).isLessThanOrEqualTo(6000);
    Domain domain = store.domain(guest);
    assertThat(domain.watches()).as("seed %d, %d", SEED, request).isLessThanOrEqualTo(6);
    assertThat(domain.transactions()).as("seed %d, %d", SEED, request).isLessThanOrEqualTo(3);
  }

  /** The count of what guests own is that of the nodes that are theirs, whatever they did. */
  @Test
  void theAccountsAreRightInTheEnd() {
    RandomRequests requests = new RandomRequests(random, GUESTS + 1);
    for (int i = 0; i < REQUESTS; i++) {
      int who = random.nextInt(GUESTS + 1);
      store.ask(who, request(requests));
      store.takeSent(who);
    }
    for (int guest = 1; guest <= GUESTS; guest++) {
      int owned = owned("/", guest);
      assertThat(store.tree().nodesOf(guest)).as("seed %d", SEED).isEqualTo(owned);
      assertThat(owned).as("they made some").isPositive();
    }
  }

  private Node node(String path) {
    return store.tree().find(StorePath.of(path)).orElseThrow();
  }

  private int owned(String path, int owner) {
    Node node = node(path);
    int count = node.permissions().owner() == owner ? 1 : 0;
    for (String name : node.childNames()) {
      count += owned(path.equals("/") ? "/" + name : path + "/" + name, owner);
    }
    return count;
  }

  /**
   * A guest that takes all it can: its nodes, each as large as may be; watches with long tokens;
   * transactions left open, each with other contents.
   */
  @Test
  void whatTwoGuestsCanMakeTheStoreKeepIsBounded() {
    begin(Quotas.DEFAULT);
    long before = usedHeap();
    for (int round = 0; round < 5; round++) {
      for (int guest = 1; guest <= GUESTS; guest++) {
        takeAll(guest, round);
      }
    }
    long kept = usedHeap() - before;
    System.out.printf("two greedy guests: %.1f MB of heap%n", (double) kept / MEGABYTE);
    assertThat(kept).isLessThan(100 * MEGABYTE);
    assertThat(store.tree().nodesOf(1)).isGreaterThan(500);
  }

  private void takeAll(int guest, int round) {
    for (int i = 0; i < 2000; i++) {
      ask(guest, 11, "n" + i % 40 + "/" + i + "\0" + "v".repeat(1900));
      ask(guest, 4, "n" + i + "\0" + "t".repeat(500) + round + "\0");
      store.takeSent(guest);
    }
    for (int transaction = 1; transaction <= 15; transaction++) {
      ask(guest, 6, "\0");
      for (int i = 0; i < 1100; i++) {
        String path = "n" + i % 40 + "/" + i;
        store.ask(guest, RawClient.request(11, 1, transaction, path + "\0" + "w".repeat(1900)));
      }
      store.takeSent(guest);
    }
  }

  private static long usedHeap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static String text(byte[] message) {
    return new String(message, StandardCharsets.ISO_8859_1);
  }
}
