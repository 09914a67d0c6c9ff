package org.passerelle.hypervisor.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.passerelle.hypervisor.HypervisorException;
import org.passerelle.hypervisor.domain.DomainId;

class MemoryFileTest {
  private static final DomainId DOMAIN = new DomainId(4321);

  @Test
  void nobodyChangesItsSize() throws IOException {
    try (MemoryFile file = MemoryFile.create(DOMAIN, 3 * 4096);
        FileChannel other = open()) {
      assertThat(other.size()).isEqualTo(3 * 4096);
      assertThatThrownBy(() -> other.truncate(4096)).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> other.write(ByteBuffer.wrap(new byte[] {1}), 3 * 4096))
          .isInstanceOf(IOException.class);
      assertThat(other.size()).isEqualTo(3 * 4096);

      other.write(ByteBuffer.wrap(new byte[] {9}), 3 * 4096 - 1);
      assertThat(file.whole().get(ValueLayout.JAVA_BYTE, 3 * 4096 - 1)).isEqualTo((byte) 9);
    }
  }

  @Test
  void errorsSayOperationDomainErrnoAndRemedy() {
    assertThatThrownBy(() -> MemoryFile.create(DOMAIN, Long.MAX_VALUE & -4096L))
        .isInstanceOf(HypervisorException.class)
        .hasMessageMatching("(ftruncate|mmap) .*dom4321.*(ENOMEM \\(12\\)|errno 27).*");
    assertThatThrownBy(() -> Errno.check(Posix.close(-1), "close"))
        .isInstanceOf(HypervisorException.class)
        .hasMessage("close: errno 9")
        .extracting(e -> ((HypervisorException) e).errno())
        .isEqualTo(9);
    assertThatThrownBy(() -> Errno.check(-24, "eventfd for dom3 port 1"))
        .hasMessage(
            "eventfd for dom3 port 1: EMFILE (24): raise the limit of open files (ulimit -n)");
    assertThat(Descriptors.named("passerelle-dom4321")).isEmpty();
  }

  private static FileChannel open() throws IOException {
    Path link = Descriptors.named("passerelle-dom4321").getFirst();
    return FileChannel.open(link, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }
}
