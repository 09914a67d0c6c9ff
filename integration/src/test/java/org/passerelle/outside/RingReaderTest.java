package org.passerelle.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.passerelle.link.os.Capability;
import org.passerelle.link.testing.Needs;

/**
 * The shared rings as a program sees them that shares no code with us: {@code ring_reader.py} maps
 * a domain's memory while Debian's ping sends a random token, then breaks one vif's ring as a
 * hostile guest would.
 */
@Needs({Capability.NET_ADMIN, Capability.VETH, Capability.LIBPCAP, Capability.IPROUTE2})
class RingReaderTest {
  /**
   * Two pings over the broken ring last four seconds: by then the guest's kernel has given its
   * search for gw's MAC up (three ARP requests, a second apart), and begins anew after the restart.
   */
  private static final String LAB =
      LabText.TWO_DOMAINS
          + """
          checks:
            - {name: db all the time, ping: {from: db, to: gw, count: 600}}
            - {name: web with a broken ring, ping: {from: web, to: gw, count: 2}}
            - do: restart-backend web/vif0
            - {name: web after a restart, ping: {from: web, to: gw}}
          """;

  /** The first domain of a hypervisor that has just been started. */
  private static final int WEB = 1;

  @TempDir private Path directory;

  @Test
  void aReaderOfTheHeadersSeesTheFramesAndABrokenRingClosesItsVifAlone() throws Exception {
    String name = "reader-" + ProcessHandle.current().pid();
    try (LabProcess lab = LabProcess.start(directory, name, LAB.formatted(name))) {
      awaitConnected(lab);

      seesFramesAndTheirPayload(lab);
      breaksOneRing(lab);

      assertThat(lab.await(Duration.ofSeconds(60))).as(lab.errors()).isEqualTo(1);
      assertThat(verdicts(lab.output())).as(lab.output()).containsExactly(true, false, true, true);
      assertThat(lab.errors()).contains("vif1.0").contains("Impossible number of requests");
      assertThat(lab.runDirectory()).doesNotExist();
    }
  }

  @Test
  void aLabThatEndsWithABrokenVifTakesItDownAllTheSame() throws Exception {
    String name = "broken-" + ProcessHandle.current().pid();
    String yaml = LAB.formatted(name);
    try (LabProcess lab =
        LabProcess.start(directory, name, yaml.substring(0, yaml.indexOf("  - do:")))) {
      awaitConnected(lab);

      breaksOneRing(lab);

      assertThat(lab.await(Duration.ofSeconds(60))).as(lab.errors()).isEqualTo(1);
      assertThat(lab.errors()).doesNotContain("tear-down");
      assertThat(lab.runDirectory()).doesNotExist();
    }
  }

  private void seesFramesAndTheirPayload(LabProcess lab) throws Exception {
    byte[] token = new byte[16];
    ThreadLocalRandom.current().nextBytes(token);
    String hex = HexFormat.of().formatHex(token);
    String before = reader(lab, "sample").output();
    CompletableFuture<LabProcess.Result> watching =
        CompletableFuture.supplyAsync(() -> reader(lab, "watch", "30", hex));

    LabProcess.Result ping =
        lab.inNamespaceOf("192.0.2.1", "ping", "-c", "20", "-i", "0.05", "-p", hex, "192.0.2.11");

    assertThat(ping.output()).contains("20 received");
    assertThat(watching.join().output()).contains("\"token_seen\": true");
    String after = reader(lab, "sample").output();
    for (String index : List.of("tx_requests", "rx_responses")) {
      assertThat(number(after, index) - number(before, index))
          .as("%s: %s, then %s", index, before, after)
          .isGreaterThanOrEqualTo(20);
    }
  }

  private void breaksOneRing(LabProcess lab) throws Exception {
    String state = "/local/domain/0/backend/vif/" + WEB + "/0/state";
    assertThat(lab.store(state)).contains("4");

    assertThat(reader(lab, "break").status()).isZero();
    // Five looks a second find it. When the guest sends a frame by itself before one does, it has
    // written its true index over the wrong one.
    Set<String> closing = Set.of("5", "6");
    assertThat(Patience.until(closing::contains, () -> brokenOnceMore(lab, state))).isIn(closing);
    assertThat(lab.store("/local/domain/0/error/backend/vif/" + WEB + "/0/error").orElse(""))
        .contains("Impossible number of requests");
    LabProcess.Result ping =
        lab.inNamespaceOf("192.0.2.1", "ping", "-c", "2", "-i", "0.2", "-W", "1", "192.0.2.11");
    assertThat(ping.output()).contains(" 0 received");
  }

  /** The state after another try, which fails where the vif is about to close. */
  private static String brokenOnceMore(LabProcess lab, String state) {
    try {
      if (lab.store(state).equals(Optional.of("4"))) {
        reader(lab, "break");
      }
      return lab.store(state).orElseThrow();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void awaitConnected(LabProcess lab) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!lab.store("/local/domain/0/backend/vif/2/0/state").equals(Optional.of("4"))) {
      assertThat(System.nanoTime()).as("connected in time; %s", lab.errors()).isLessThan(end);
      assertThat(lab.isAlive()).as(lab.errors()).isTrue();
      Thread.sleep(100);
    }
  }

  private static LabProcess.Result reader(LabProcess lab, String... action) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "python3",
                Path.of("src/test/python/ring_reader.py").toAbsolutePath().toString(),
                Long.toString(lab.pid()),
                lab.storeSocket().toString(),
                Integer.toString(WEB),
                "0"));
    command.addAll(List.of(action));
    try {
      return LabProcess.run(new ProcessBuilder(command));
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static long number(String json, String key) {
    Matcher matcher = Pattern.compile("\"" + key + "\": (\\d+)").matcher(json);
    assertThat(matcher.find()).as(json).isTrue();
    return Long.parseLong(matcher.group(1));
  }

  private static List<Boolean> verdicts(String json) {
    return Pattern.compile("\"passed\"\\s*:\\s*(true|false)")
        .matcher(json)
        .results()
        .map(match -> Boolean.valueOf(match.group(1)))
        .toList();
  }
}
