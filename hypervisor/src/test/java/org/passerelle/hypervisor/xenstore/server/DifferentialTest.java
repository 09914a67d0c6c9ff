package org.passerelle.hypervisor.xenstore.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.passerelle.hypervisor.testing.CXenstored;
import org.passerelle.hypervisor.testing.GuestRing;
import org.passerelle.hypervisor.testing.Wire;
import org.passerelle.hypervisor.xenstore.tree.Quotas;

/**
 * The same requests to Xen's C xenstored and to our store, from dom0 and from two domains, which
 * talk to the C one by the ring of a real guest: all that each of the three is sent, answers and
 * events, is the same octet for octet.
 *
 * <p>Not compared, as the two differ for a reason: the number of a generation, and in what order
 * and how often the events of one request come (theirs leaves out one told twice); permissions of
 * the special nodes, where theirs tells a guest ENOENT and ours EACCES; owners that no domain is,
 * which theirs asks the hypervisor about; a guest's events when a transaction is committed, as
 * theirs keeps back that a node went which it may not read though it may list the one above, and
 * only then; RESET_WATCHES within a transaction, of which theirs dies.
 */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class DifferentialTest {
  private static final long SEED = Long.getLong("passerelle.fuzz.seed", 20_251_125L);
  private static final int REQUESTS = Boolean.getBoolean("passerelle.full") ? 100_000 : 10_000;
  private static final int DOMAINS = 3;
  private static final int READ = 2;
  private static final int FENCE = 2;
  private static final int TRANSACTION_END = 7;

  @TempDir Path directory;
  private final Random random = new Random(SEED);
  private final OurStore ours = new OurStore(Quotas.DEFAULT);
  private final Wire[] theirs = new Wire[DOMAINS];

  @Test
  void bothStoresSayTheSame() throws Exception {
    try (CXenstored daemon = CXenstored.start(directory, "--timeout", "watch-event=0");
        RawClient bell = new RawClient(daemon.socket())) {
      theirs[0] = new RawClient(daemon.socket());
      for (int domain = 1; domain < DOMAINS; domain++) {
        begin(domain, GuestRing.create(directory, domain, () -> bell.ask(READ, "/tool\0")));
      }
      run(new RandomRequests(random, DOMAINS));
      for (Wire each : theirs) {
        each.close();
      }
    }
  }

  /** As a toolstack does: introduces the domain and gives it its directory. */
  private void begin(int domain, GuestRing ring) throws IOException {
    String home = "/local/domain/" + domain;
    compare(0, RawClient.request(8, 1, 0, domain + "\0" + "1\0" + "1\0"), "introduce");
    ours.connect(domain);
    theirs[domain] = ring;
    compare(0, RawClient.request(12, 1, 0, home + "\0"), "mkdir");
    compare(0, RawClient.request(14, 1, 0, home + "\0n" + domain + "\0"), "permissions");
  }

  /**
   * While a transaction is open all requests are in it: theirs sees others' changes until it has
   * looked at a node, ours is a copy from its beginning, as docs/misc/xenstore.txt has it.
   */
  private void run(RandomRequests requests) throws IOException {
    int transaction = 0;
    int who = 0;
    for (int i = 0; i < REQUESTS; i++) {
      who = transaction == 0 ? Math.max(0, random.nextInt(DOMAINS + 1) - 1) : who;
      RandomRequests.Request next = requests.next(transaction != 0);
      byte[] octets = RawClient.request(next.type(), 1, transaction, next.payload());
      String what =
          "seed %d, request %d by %d: %s in %d".formatted(SEED, i, who, next, transaction);
      String answer = compare(who, octets, what);
      transaction = next.type() == 7 ? 0 : transactionAfter(transaction, answer);
    }
  }

  private static int transactionAfter(int transaction, String answer) {
    return answer.startsWith("6 ")
        ? Integer.parseInt(answer.replaceFirst(".* ([0-9]+) $", "$1"))
        : transaction;
  }

  /** Asks both, compares what each domain is sent, and gives the answer. */
  private String compare(int who, byte[] request, String what) throws IOException {
    theirs[who].send(request);
    ours.ask(who, request);
    String answer = null;
    for (int domain : askerFirst(who)) {
      List<String> told = ours.takeSent(domain).stream().map(DifferentialTest::text).toList();
      assertThat(known(told, domain, request))
          .as("%s, to %d", what, domain)
          .isEqualTo(known(fenced(domain), domain, request));
      if (domain == who) {
        answer = told.stream().filter(each -> !each.startsWith("15 ")).findFirst().orElseThrow();
      }
    }
    return answer;
  }

  /** When the asker has its answer, the events for the others are on their way. */
  private List<Integer> askerFirst(int who) {
    List<Integer> order = new ArrayList<>(List.of(who));
    for (int domain = 0; domain < DOMAINS; domain++) {
      if (domain != who && theirs[domain] != null) {
        order.add(domain);
      }
    }
    return order;
  }

  /** What the C daemon has sent to that domain, for which the answer to another request waits. */
  private List<String> fenced(int domain) throws IOException {
    theirs[domain].send(RawClient.request(READ, FENCE, 0, "/tool/fence\0"));
    List<String> messages = new ArrayList<>();
    while (true) {
      byte[] header = theirs[domain].receive(16);
      ByteBuffer fields = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
      byte[] payload = theirs[domain].receive(fields.getInt(12));
      if (fields.getInt(4) == FENCE) {
        return messages;
      }
      messages.add(text(ByteBuffer.allocate(16 + payload.length).put(header).put(payload).array()));
    }
  }

  /** The message as "type request transaction payload", NULs as blanks. */
  private static String text(byte[] message) {
    ByteBuffer fields = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
    String payload = new String(message, 16, message.length - 16, StandardCharsets.ISO_8859_1);
    return new StringJoiner(" ")
        .add(Integer.toString(fields.getInt(0)))
        .add(Integer.toString(fields.getInt(4)))
        .add(Integer.toString(fields.getInt(8)))
        .add(payload.replace('\0', ' '))
        .toString();
  }

  /** What must be the same: of the end of a transaction, for a guest, only the answer. */
  private static List<String> known(List<String> messages, int domain, byte[] request) {
    boolean withoutEvents = domain != 0 && request[0] == TRANSACTION_END;
    return settled(
        messages.stream().filter(each -> !(withoutEvents && each.startsWith("15 "))).toList());
  }

  private static List<String> settled(List<String> messages) {
    return messages.stream()
        .map(each -> each.replaceFirst("^(22 [0-9]+ [0-9]+) [0-9]+ ", "$1 "))
        .sorted()
        .distinct()
        .toList();
  }
}
