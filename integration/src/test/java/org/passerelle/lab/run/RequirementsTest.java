package org.passerelle.lab.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.passerelle.lab.load.LoadedLab;
import org.passerelle.lab.model.Lab;
import org.passerelle.lab.topology.Topology;
import org.passerelle.link.os.Capability;
import org.passerelle.link.testing.Needs;

@Needs(Capability.LIBPCAP)
class RequirementsTest {

  @Test
  void whatBridgesInUserSpaceFiltersNothing() {
    Topology topology = LoadedLab.load(Path.of("labs/antispoof.yaml")).topology().orElseThrow();
    assertThat(Requirements.problems(topology.withSwitching(Lab.Switching.USERSPACE)))
        .singleElement()
        .asString()
        .contains("antispoof=yes", "switching: kernel");
    assertThat(Requirements.problems(topology)).isEmpty();
  }
}
