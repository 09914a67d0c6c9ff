package org.passerelle.hypervisor.xenstore.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StoreSocketTest {
  @Test
  void fromTheEnvironment() {
    assertThat(StoreSocket.path(Map.of("XENSTORED_PATH", "/p/s", "XENSTORED_RUNDIR", "/d")))
        .isEqualTo(Path.of("/p/s"));
    assertThat(StoreSocket.path(Map.of("XENSTORED_RUNDIR", "/d"))).isEqualTo(Path.of("/d/socket"));
    assertThat(StoreSocket.path(Map.of()).toString()).endsWith("/run/xenstored/socket");
  }

  @Test
  void whereNobodyListensTheMessageSaysWhatToDo() {
    assertThatThrownBy(() -> SocketTransport.connect(Path.of("/none/socket")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("/none/socket")
        .hasMessageContaining("XENSTORED_PATH");
  }
}
