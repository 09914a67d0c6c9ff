package org.passerelle.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.passerelle.link.os.Capability;
import org.passerelle.link.testing.Needs;
import org.passerelle.link.testing.TestNamespaces;

/** Debian's vif-bridge and ours do the same, or differ as {@link Deviation} has it. */
@Needs({
  Capability.NET_ADMIN,
  Capability.VETH,
  Capability.BRIDGE,
  Capability.IPROUTE2,
  Capability.NFT
})
class StockVifBridgeTest {
  @RegisterExtension final TestNamespaces namespaces = new TestNamespaces();
  @TempDir private Path directory;
  private StockJudge<Deviation> judge;

  @BeforeEach
  void install() {
    judge = new StockJudge<>(namespaces, directory, VifScenario::of, Deviation.class);
  }

  @Test
  void oursDoesAsTheOriginalDoes() {
    judge.judge("vif-bridge");
  }

  /** The judge is judged: an original that does a little less is told from ours. */
  @Test
  void anOriginalWithOneLineChangedIsNotTheSame() {
    assertThat(judge.firstDifferences("xen-network-common.sh", "address fe:ff:ff:ff:ff:ff", ":"))
        .anyMatch(line -> line.contains(" address = "));
    assertThat(
            judge.firstDifferences(
                "xen-network-common.sh", "    ip link set dev ${dev} up", "    :"))
        .anyMatch(line -> line.contains(" operstate = "));
    assertThat(judge.firstDifferences("xen-hotplug-common.sh", "/hotplug-status\" connected", ":"))
        .anyMatch(line -> line.contains("/hotplug-status"));
  }

  @Test
  void eachDeviationHasItsReason() {
    assertThat(StockJudge.headings("vif-bridge"))
        .containsExactlyElementsOf(Arrays.stream(Deviation.values()).map(Enum::name).toList());
  }
}
