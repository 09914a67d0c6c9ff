package org.passerelle.hypervisor.xenstore.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server as a process among others. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class StoreProcessTest {
  @TempDir Path directory;

  private Path socket() {
    return directory.resolve("socket");
  }

  @Test
  void whatAKilledServerLeavesIsTakenOver() throws IOException {
    try (StoreProcess first = StoreProcess.start(socket(), "022")) {
      assertThat(first.says()).isEqualTo("serving");
    }
    assertThat(socket()).as("left by kill -9").exists();
    try (StoreProcess second = StoreProcess.start(socket(), "022")) {
      assertThat(second.says()).isEqualTo("serving");
      assertThatItServes();
    }
  }

  @Test
  void aSecondServerSaysWhoIsThereAndHarmsNothing() throws IOException {
    try (StoreProcess first = StoreProcess.start(socket(), "022")) {
      assertThat(first.says()).isEqualTo("serving");
      try (StoreProcess second = StoreProcess.start(socket(), "022")) {
        assertThat(second.says()).contains(socket().toString(), "EADDRINUSE", "stop that one");
      }
      assertThatItServes();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"000", "022", "077"})
  void theSocketsModeIsNotLeftToTheUmask(String umask) throws IOException {
    try (StoreProcess server = StoreProcess.start(socket(), umask)) {
      assertThat(server.says()).isEqualTo("serving");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket())))
          .isEqualTo("rw-------");
      assertThatItServes();
    }
  }

  /** Of two that start at once over a dead socket, one serves and the other knows it. */
  @RepeatedTest(10)
  void ofTwoAtOnceOneServes() throws Exception {
    try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      dead.bind(UnixDomainSocketAddress.of(socket()));
    }
    List<StoreServer> servers = List.of(new StoreServer(), new StoreServer());
    List<String> outcomes = new ArrayList<>();
    List<Thread> threads =
        servers.stream()
            .map(server -> Thread.startVirtualThread(() -> listen(server, outcomes)))
            .toList();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(outcomes).hasSize(2).containsOnlyOnce("serving");
    assertThatItServes();
    servers.forEach(StoreServer::close);
    assertThat(directory).isEmptyDirectory();
  }

  private void listen(StoreServer server, List<String> outcomes) {
    String outcome = "serving";
    try {
      server.listen(socket());
    } catch (IOException e) {
      outcome = e.getMessage();
    }
    synchronized (outcomes) {
      outcomes.add(outcome);
    }
  }

  @Test
  void aClientThatEndsInTheMiddleOfAMessage() throws IOException {
    try (StoreServer server = new StoreServer()) {
      server.listen(socket());
      byte[] request = RawClient.request(11, 1, 1, "/half\0value");
      for (int length = 1; length < request.length; length++) {
        try (RawClient client = new RawClient(socket())) {
          assertThat(client.ask(6, "\0")).isEqualTo("6 1 ");
          client.send(Arrays.copyOf(request, length));
        }
      }
      assertThatItServes();
      try (RawClient client = new RawClient(socket())) {
        assertThat(client.ask(2, "/half\0")).isEqualTo("16 ENOENT ");
      }
    }
  }

  private void assertThatItServes() throws IOException {
    try (RawClient client = new RawClient(socket())) {
      assertThat(client.ask(2, "/tool\0")).isEqualTo("2 ");
    }
  }
}
