package org.passerelle.hypervisor.xenstore.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients that send anything: the server goes on and the others notice nothing. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class FuzzTest {
  private static final long SEED = Long.getLong("passerelle.fuzz.seed", 20_250_601L);

  /** Each client that is cut off is logged; here that says nothing. Held, lest it be collected. */
  private static final Logger LOG = Logger.getLogger(SocketSession.class.getName());

  @TempDir Path directory;
  private final Random random = new Random(SEED);
  private StoreServer server;
  private RawClient witness;

  @BeforeEach
  void start() throws IOException {
    LOG.setLevel(Level.SEVERE);
    server = new StoreServer();
    server.listen(directory.resolve("socket"));
    witness = new RawClient(directory.resolve("socket"));
    witness.ask(11, "/witness\0alive");
  }

  @AfterEach
  void stop() throws IOException {
    LOG.setLevel(null);
    witness.close();
    server.close();
  }

  private void assertAlive() throws IOException {
    assertThat(witness.ask(11, "/witness\0alive")).as("seed %d", SEED).isEqualTo("11 OK ");
    assertThat(witness.ask(2, "/witness\0")).as("seed %d", SEED).isEqualTo("2 alive");
  }

  @Test
  void randomOctets() throws IOException {
    for (int i = 0; i < 300; i++) {
      byte[] octets = new byte[random.nextInt(8000)];
      random.nextBytes(octets);
      sendAndLeave(octets);
      assertAlive();
    }
  }

  /** Legal headers about anything: each is answered by exactly one message that is no event. */
  @Test
  void wellFramedNonsense() throws IOException {
    try (RawClient client = new RawClient(directory.resolve("socket"))) {
      for (int i = 0; i < 20_000; i++) {
        int type = random.nextInt(30);
        client.send(RawClient.request(type, i, random.nextInt(4), payload()));
        String answer = client.receiveText();
        while (answer.startsWith("15 ")) {
          answer = client.receiveText();
        }
        assertThat(answer).as("seed %d, request %d", SEED, i).matches("(?s)(" + type + "|16) .*");
      }
    }
    assertAlive();
  }

  /** Good requests with a few octets changed, whole streams of them. */
  @Test
  void mutatedRequests() throws IOException {
    for (int i = 0; i < 1000; i++) {
      byte[] octets = RawClient.request(random.nextInt(27), i, 0, payload());
      for (int change = random.nextInt(4); change >= 0; change--) {
        octets[random.nextInt(octets.length)] = (byte) random.nextInt(256);
      }
      sendAndLeave(octets);
    }
    assertAlive();
  }

  private void sendAndLeave(byte[] octets) throws IOException {
    try (RawClient client = new RawClient(directory.resolve("socket"))) {
      client.send(octets);
    } catch (IOException e) {
      assertThat(e).hasMessageMatching("(?i).*(broken pipe|connection reset).*");
    }
  }

  private String payload() {
    StringBuilder payload = new StringBuilder();
    for (int words = random.nextInt(5); words > 0; words--) {
      payload.append(word());
      if (random.nextInt(5) > 0) {
        payload.append('\0');
      }
    }
    return payload.toString();
  }

  private String word() {
    List<String> words =
        List.of(
            "/",
            "/fuzz",
            "/fuzz/a/b",
            "rel/x",
            "@releaseDomain",
            "@x",
            "//",
            "/fuzz/",
            "T",
            "F",
            "0",
            "1",
            "7",
            "65535",
            "-1",
            "99999999999",
            "n0",
            "r7",
            "b7",
            "n7",
            "x".repeat(700),
            "/" + "d/".repeat(300) + "e",
            "\u00ff\u00fe",
            "");
    return words.get(random.nextInt(words.size()));
  }
}
