package org.passerelle.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.passerelle.hypervisor.testing.Judges;
import org.passerelle.link.os.Capability;
import org.passerelle.link.testing.Needs;
import org.passerelle.link.testing.TestNamespaces;

/**
 * Debian's vif-route and vif-nat and ours do the same, or differ as {@link RouterDeviation} has it.
 */
@Needs({Capability.NET_ADMIN, Capability.VETH, Capability.IPROUTE2, Capability.NFT})
class StockRouterTest {
  @RegisterExtension final TestNamespaces namespaces = new TestNamespaces();
  @TempDir private Path directory;
  private StockJudge<RouterDeviation> judge;

  @BeforeEach
  void install() {
    Judges.need(Path.of("/sbin/ifconfig"), "install net-tools, which the originals call");
    judge = new StockJudge<>(namespaces, directory, RouterScenario::of, RouterDeviation.class);
  }

  @Test
  void oursDoesAsTheOriginalDoes() {
    judge.judge("vif-route, vif-nat");
  }

  /** The judge is judged: an original that does a little less, or otherwise, is told from ours. */
  @Test
  void anOriginalWithOneLineChangedIsNotTheSame() {
    assertThat(judge.firstDifferences("vif-route", "        echo 1 >/proc/sys", "        :"))
        .anyMatch(line -> line.contains("/proxy_arp:"));
    assertThat(judge.firstDifferences("vif-route", "\tmetric=2", "\tmetric=3"))
        .anyMatch(line -> line.contains("metric=3"));
    assertThat(judge.firstDifferences("vif-nat", "$4 + 127", "echo 10.0.0.99"))
        .anyMatch(line -> line.contains("10.0.0.99"));
    assertThat(judge.firstDifferences("vif-nat", "do_or_die ip route add", "        :"))
        .anyMatch(line -> line.contains("- ") || line.contains("+ route"));
  }

  @Test
  void eachDeviationHasItsReason() {
    assertThat(StockJudge.headings("vif-route and vif-nat"))
        .containsExactlyElementsOf(
            Arrays.stream(RouterDeviation.values()).map(Enum::name).toList());
  }
}
