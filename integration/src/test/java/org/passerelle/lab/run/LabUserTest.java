package org.passerelle.lab.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabUserTest {

  @ParameterizedTest(name = "{0} of {1} is {2}, root: {3}")
  @CsvSource({
    "0, '         0          0 4294967295', 0, true",
    "1000, '         0          0 4294967295', 1000, false",
    "0, '         0       1000          1', 1000, false",
    "5, '0 1000 1\\n1 100000 65536', 100004, false",
    "0, '0 0 1', 0, false",
    "7, '0 1000 1', 7, false"
  })
  void isWhoItIsOutside(long inside, String map, long outside, boolean root) {
    String lines = map.replace("\\n", "\n");
    assertThat(LabUser.of(inside, lines)).isEqualTo(new LabUser(outside, root));
  }

  @Test
  void hasADirectoryThatOthersDoNotWriteTo() {
    Optional<Path> runtime = Optional.of(Path.of("/run/user/1000"));
    LabUser root = new LabUser(0, true);
    LabUser mapped = new LabUser(1000, false);
    assertThat(root.runDirectory(runtime)).isEqualTo(Path.of("/run/passerelle/lab"));
    assertThat(mapped.runDirectory(runtime)).isEqualTo(Path.of("/run/user/1000/passerelle/lab"));
    assertThat(mapped.runDirectory(Optional.empty())).isEqualTo(Path.of("/tmp/passerelle-1000"));
  }
}
