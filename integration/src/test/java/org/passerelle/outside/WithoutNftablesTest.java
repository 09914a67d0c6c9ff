package org.passerelle.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.passerelle.hypervisor.testing.Judges;
import org.passerelle.link.os.Capability;
import org.passerelle.link.testing.Needs;
import org.passerelle.link.testing.TestNamespaces;

/**
 * The scripts on a kernel without nf_tables, or so it is made to say. Without nfnetlink, too, the
 * library would end the process, before anybody heard why.
 */
@Needs({
  Capability.NET_ADMIN,
  Capability.VETH,
  Capability.BRIDGE,
  Capability.IPROUTE2,
  Capability.NFTABLES
})
class WithoutNftablesTest {
  private static final String VIF = "/local/domain/0/backend/vif/7/0";
  private static final String REMEDY = "a kernel with CONFIG_NF_TABLES is needed";

  @RegisterExtension final TestNamespaces namespaces = new TestNamespaces();
  @TempDir private Path directory;
  private Dom0 dom0;

  @BeforeEach
  void host() throws Exception {
    Path library = directory.resolve("without_nftables.so");
    Judges.compile(Path.of("src/test/c/without_nftables.c"), library, "-shared", "-fPIC");
    dom0 =
        new Dom0(
            namespaces,
            ScriptInstallation.in(directory.resolve("installed")),
            directory.resolve("host"));
    dom0.wire();
    Configured.bridge(dom0);
    Configured.vif(dom0);
    dom0.setenv("LD_PRELOAD", library.toString());
  }

  @AfterEach
  void end() {
    dom0.close();
  }

  private void fails(String... words) {
    assertThat(Patience.end(dom0.script(List.of(words)))).as(dom0.said()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"nfnetlink, EPROTONOSUPPORT", "nf_tables, EINVAL"})
  void whatIsMissingIsSaidToPeopleAndToTheToolstack(String without, String errno) {
    dom0.setenv("WITHOUT", without);
    fails("network-nat", "start", "netdev=eth0");
    assertThat(dom0.said()).contains("use nftables: ", errno, REMEDY);
    dom0.store().write(VIF + "/mac", "00:16:3e:00:00:07");
    dom0.store().write(VIF + "/antispoof", "yes");
    fails("vif-bridge", "online", "type_if=vif");
    assertThat(dom0.store().read(VIF + "/hotplug-status")).isEqualTo("error");
    assertThat(dom0.store().read(VIF + "/hotplug-error"))
        .contains("antispoof=yes cannot be had", errno, REMEDY);
  }
}
