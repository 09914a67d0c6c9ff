package org.passerelle.hypervisor.xenstore.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SocketFileTest {
  @TempDir Path directory;

  private Path socket() {
    return directory.resolve("xenstored").resolve("socket");
  }

  @Test
  void onlyItsOwnerMayConnect() throws IOException {
    try (StoreServer server = new StoreServer()) {
      server.listen(socket());
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket())))
          .isEqualTo("rw-------");
    }
    try (Stream<Path> left = Files.list(socket().getParent())) {
      assertThat(left).as("what the server leaves").isEmpty();
    }
  }

  @Test
  void aSocketThatIsServedIsLeftAlone() throws IOException {
    try (StoreServer first = new StoreServer();
        StoreServer second = new StoreServer()) {
      first.listen(socket());
      assertThatThrownBy(() -> second.listen(socket()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(socket().toString())
          .hasMessageContaining("EADDRINUSE");
      try (RawClient client = new RawClient(socket())) {
        assertThat(client.ask(2, "/tool\0")).isEqualTo("2 ");
      }
    }
  }

  @Test
  void aSocketThatNobodyServesIsReplaced() throws IOException {
    Files.createDirectories(socket().getParent());
    try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      dead.bind(UnixDomainSocketAddress.of(socket()));
    }
    assertThat(socket()).exists();
    try (StoreServer server = new StoreServer()) {
      server.listen(socket());
      try (RawClient client = new RawClient(socket())) {
        assertThat(client.ask(2, "/tool\0")).isEqualTo("2 ");
      }
    }
  }

  @Test
  void aFileThatIsNoSocketIsLeftAlone() throws IOException {
    Files.createDirectories(socket().getParent());
    Files.writeString(socket(), "mine");
    try (StoreServer server = new StoreServer()) {
      assertThatThrownBy(() -> server.listen(socket()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("no socket");
    }
    assertThat(socket()).hasContent("mine");
  }

  @Test
  void aSocketThatAnotherHasPutInItsPlaceIsLeftAlone() throws IOException {
    try (StoreServer server = new StoreServer()) {
      server.listen(socket());
      Files.delete(socket());
      Files.writeString(socket(), "another's");
    }
    assertThat(socket()).exists();
  }

  @Test
  void aPathTooLongForASocketIsNamed() {
    Path tooLong = directory.resolve("d".repeat(120)).resolve("socket");
    try (StoreServer server = new StoreServer()) {
      assertThatThrownBy(() -> server.listen(tooLong))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("d".repeat(120));
    }
    assertThat(tooLong.getParent()).isEmptyDirectory();
  }
}
