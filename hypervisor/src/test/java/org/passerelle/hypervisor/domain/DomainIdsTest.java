package org.passerelle.hypervisor.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DomainIdsTest {
  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void name() {
    file = directory.resolve("last-domid");
  }

  @Test
  void countsUpFromOneAndGoesOnAfterARestart() throws IOException {
    try (DomainIds ids = DomainIds.open(file)) {
      assertThat(ids.next()).isEqualTo(new DomainId(1));
      assertThat(ids.next()).isEqualTo(new DomainId(2));
    }
    assertThat(file).hasContent("00002\n");
    try (DomainIds ids = DomainIds.open(file)) {
      assertThat(ids.next()).isEqualTo(new DomainId(3));
    }
  }

  @Test
  void countsForOneHypervisorOnly() throws IOException {
    try (DomainIds first = DomainIds.open(file)) {
      assertThatThrownBy(() -> DomainIds.open(file))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(file.toString())
          .hasMessageContaining("another hypervisor");
      assertThat(first.next().value()).isEqualTo(1);
    }
  }

  @Test
  void refusesAFileThatHoldsNoCount() throws IOException {
    for (String content : new String[] {"7\n", "00007", "0000x\n", "00007\n1", "-0007\n"}) {
      Files.writeString(file, content);
      assertThatThrownBy(() -> DomainIds.open(file))
          .as(content)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("not a domain id");
      assertThat(file).hasContent(content);
    }
  }

  @Test
  void endsBeforeXensReservedNumbers() throws IOException {
    // 0x7FEF = 32751 is the last domid below DOMID_FIRST_RESERVED.
    Files.writeString(file, "32750\n");
    try (DomainIds ids = DomainIds.open(file)) {
      assertThat(ids.next().value()).isEqualTo(0x7FEF);
      assertThatThrownBy(ids::next)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("new run directory");
    }
    assertThat(file).hasContent("32751\n");
  }
}
