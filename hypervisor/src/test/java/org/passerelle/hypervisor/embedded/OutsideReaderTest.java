package org.passerelle.hypervisor.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.memory.GrantAccess;

/** A program that shares no code with ours finds a granted page, by offsets alone. */
class OutsideReaderTest {

  @Test
  void findsTheGrantAndItsPageAndWritesIntoIt() throws IOException, InterruptedException {
    try (TwoDomains domains = new TwoDomains()) {
      int first = domains.granter.memory().allocate();
      int frame = domains.granter.memory().allocate();
      domains.granter.grants().grant(DomainId.DOM0, first, GrantAccess.READ_WRITE);
      int reference = domains.granter.grants().grant(new DomainId(6), frame, GrantAccess.READ_ONLY);
      MemorySegment page = domains.granter.memory().page(frame);
      for (int i = 0; i < 16; i++) {
        page.set(ValueLayout.JAVA_BYTE, i, (byte) (0xF0 + i));
      }

      // GTF_permit_access 1 | GTF_readonly 4, for dom6
      assertThat(reader(reference)).isEqualTo("5 6 " + frame + " f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff");
      reader(reference, "cafe");
      assertThat(page.get(ValueLayout.JAVA_BYTE, 100)).isEqualTo((byte) 0xCA);
      assertThat(page.get(ValueLayout.JAVA_BYTE, 101)).isEqualTo((byte) 0xFE);
    }
  }

  private static String reader(int reference, String... written)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "python3",
                "src/test/python/grant_reader.py",
                Long.toString(ProcessHandle.current().pid()),
                Integer.toString(TwoDomains.GRANTER.value()),
                Integer.toString(reference)));
    command.addAll(List.of(written));
    Process reader = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(reader.getInputStream().readAllBytes()).strip();
    assertThat(reader.waitFor()).as(said).isZero();
    return said;
  }
}
