package org.passerelle.hypervisor.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.passerelle.hypervisor.HypervisorException;

@Timeout(30)
class UnixSocketTest {
  @TempDir Path directory;

  @Test
  void nobodyCallsAtOneThatIsHungUpOrClosed() throws Exception {
    UnixSocket listener = UnixSocket.bound(directory.resolve("s"), UnixSocket.SEQPACKET);
    listener.listen("s");
    CompletableFuture<Optional<UnixSocket>> waiting =
        CompletableFuture.supplyAsync(listener::accept);
    Thread.sleep(100);
    listener.hangUp();
    assertThat(waiting.get(20, TimeUnit.SECONDS)).isEmpty();
    listener.close();
    assertThat(listener.accept()).isEmpty();
  }

  /** ENOTSOCK: no end of the socket's, but a mistake. */
  @Test
  void whatCannotListenIsAnError() {
    try (UnixSocket none = UnixSocket.of(Posix.eventfd(0, 0))) {
      assertThatThrownBy(none::accept)
          .isInstanceOf(HypervisorException.class)
          .hasMessage("accept: errno 88");
    }
  }
}
