package org.passerelle.netback.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NodesTest {
  private static final FrontendNodes SPLIT =
      new FrontendNodes(8, 0xfffffff0, 3, 4, true, Offloads.ALL);

  private static PeerNodes nodes(Map<String, String> values) {
    return new PeerNodes(name -> Optional.ofNullable(values.get(name)));
  }

  private static Map<String, String> written(FrontendNodes frontend) {
    Map<String, String> values = new HashMap<>();
    frontend.write(values::put);
    return values;
  }

  @Test
  void aFrontendWritesWhatLinuxWrites() {
    assertThat(written(SPLIT))
        .containsOnly(
            Map.entry("tx-ring-ref", "8"),
            Map.entry("rx-ring-ref", "4294967280"),
            Map.entry("event-channel-tx", "3"),
            Map.entry("event-channel-rx", "4"),
            Map.entry("request-rx-copy", "1"),
            Map.entry("feature-rx-notify", "1"),
            Map.entry("feature-sg", "1"),
            Map.entry("feature-gso-tcpv4", "1"),
            Map.entry("feature-gso-tcpv6", "1"),
            Map.entry("feature-ipv6-csum-offload", "1"));
  }

  @Test
  void whatAFrontendWritesIsRead() throws Exception {
    FrontendNodes shared = new FrontendNodes(8, 9, 3, 3, false, Offloads.NONE);
    assertThat(FrontendNodes.read(nodes(written(SPLIT)))).isEqualTo(SPLIT);
    assertThat(FrontendNodes.read(nodes(written(shared)))).isEqualTo(shared);
    assertThat(written(shared)).containsEntry("event-channel", "3");
    assertThat(shared.splitEventChannels()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "tx-ring-ref, -1",
    "tx-ring-ref, 4294967296",
    "tx-ring-ref, 12x",
    "rx-ring-ref, ''",
    "event-channel-tx, 0",
    "event-channel-rx, 131072",
    "event-channel-rx, 99999999999999999999",
    "request-rx-copy, 0",
    "multi-queue-num-queues, 0",
    "multi-queue-num-queues, 2",
    "multi-queue-num-queues, 1x",
  })
  void nonsenseIsRefused(String name, String value) {
    Map<String, String> values = written(SPLIT);
    values.put(name, value);
    assertThatThrownBy(() -> FrontendNodes.read(nodes(values)))
        .isInstanceOf(FrontendNodes.Refused.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tx-ring-ref", "rx-ring-ref", "event-channel-rx", "request-rx-copy"})
  void whatIsMissingIsNamed(String name) {
    Map<String, String> values = written(SPLIT);
    values.remove(name);
    assertThatThrownBy(() -> FrontendNodes.read(nodes(values))).hasMessageContaining(name);
  }

  @Test
  void tooManyQueuesAreRefusedInLinuxsWords() {
    Map<String, String> values = written(SPLIT);
    values.put("multi-queue-num-queues", "8");
    assertThatThrownBy(() -> FrontendNodes.read(nodes(values)))
        .hasMessage("guest requested \"8\" queues, but valid range is 1 - 1.");
  }

  @Test
  void aMessageShowsAGuestsTextShortAndPrintable() {
    PeerNodes nodes = nodes(Map.of("tx-ring-ref", "\u001b[2J\n" + "x".repeat(4000)));
    assertThat(nodes.shown("tx-ring-ref")).isEqualTo("\"?[2J?" + "x".repeat(27) + "…\"");
    assertThat(nodes.shown("rx-ring-ref")).isEqualTo("absent");
  }

  @Test
  void gsoNeedsScatterGatherAndChecksums() {
    Map<String, String> values = new HashMap<>(Map.of(Keys.GSO_TCP_V4, "1", Keys.GSO_TCP_V6, "1"));
    assertThat(Offloads.ofFrontend(nodes(values)).gsoV4()).isFalse();
    values.put(Keys.SCATTER_GATHER, "1");
    assertThat(Offloads.ofFrontend(nodes(values)).gsoV4()).isTrue();
    assertThat(Offloads.ofFrontend(nodes(values)).gsoV6()).isFalse();
    values.put(Keys.CHECKSUM_V6, "1");
    assertThat(Offloads.ofFrontend(nodes(values)).gsoV6()).isTrue();
    values.put(Keys.NO_CHECKSUM_V4, "1");
    assertThat(Offloads.ofFrontend(nodes(values)).gsoV4()).isFalse();
    assertThat(Offloads.ofBackend(nodes(values)).gsoV4()).isTrue();
  }

  @Test
  void aBackendsOfferIsRead() {
    Map<String, String> values = new HashMap<>();
    BackendNodes.OURS.write(values::put);
    assertThat(BackendNodes.read(nodes(values))).isEqualTo(BackendNodes.OURS);
    assertThat(values)
        .containsEntry("feature-rx-copy", "1")
        .containsEntry("feature-rx-flip", "0")
        .containsEntry("feature-split-event-channels", "1")
        .containsEntry("multi-queue-max-queues", "1")
        .containsEntry("feature-multicast-control", "0");
    assertThat(BackendNodes.read(nodes(Map.of())).rxCopy()).isFalse();
  }

  @Property
  void anyTextIsRefusedOrANumberInRange(@ForAll String text) {
    PeerNodes nodes = nodes(Map.of("tx-ring-ref", text));
    nodes.number("tx-ring-ref", 1000).ifPresent(n -> assertThat(n).isBetween(0L, 1000L));
    assertThat(nodes.shown("tx-ring-ref")).matches("\"[\\x20-\\x7e]{0,32}…?\"");
  }
}
