package org.passerelle.natroute.nft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.passerelle.link.os.Capability;
import org.passerelle.link.os.Namespace;
import org.passerelle.link.os.NetlinkKernel;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.rtnl.Refusal;
import org.passerelle.link.rtnl.TableEntry;
import org.passerelle.link.testing.Needs;
import org.passerelle.link.testing.TestNamespaces;

/** Our table by the library, in a namespace of its own. */
@Needs({Capability.NET_ADMIN, Capability.NFTABLES})
class LibNftablesTest {
  private static final TableEntry WEB =
      new TableEntry("forwards4", List.of("tcp", "8080"), List.of("10.0.7.1", "80"), "vif7.0");
  private static final TableEntry WEB6 =
      new TableEntry("forwards6", List.of("tcp", "8080"), List.of("fd00::7", "80"), "vif7.0");
  private static final TableEntry ODD =
      new TableEntry("uplinks", List.of("e\"t\\h"), List.of(), "");

  @RegisterExtension final TestNamespaces namespaces = new TestNamespaces();

  private NftKernel kernel() {
    Namespace namespace = namespaces.create();
    return namespace.call(() -> new NftKernel(NetlinkKernel.open()));
  }

  @Test
  void whatIsAddedIsReadAgainUntilItIsRemoved() {
    try (NftKernel kernel = kernel()) {
      assertThat(kernel.table()).isEmpty();
      kernel.createTable();
      assertThat(kernel.table()).contains(List.of());
      List.of(WEB, WEB6, ODD).forEach(kernel::add);
      assertThat(kernel.table().orElseThrow()).containsExactlyInAnyOrder(WEB, WEB6, ODD);
      kernel.remove(WEB);
      kernel.remove(ODD);
      assertThat(kernel.table()).contains(List.of(WEB6));
      kernel.deleteTable();
      assertThat(kernel.table()).isEqualTo(Optional.empty());
    }
  }

  @Test
  void refusalsHaveTheirErrno() {
    try (NftKernel kernel = kernel()) {
      refused(() -> kernel.add(WEB), Refusal.ENOENT);
      kernel.createTable();
      refused(kernel::createTable, Refusal.EEXIST);
      kernel.add(WEB);
      refused(() -> kernel.add(WEB), Refusal.EEXIST);
      refused(() -> kernel.remove(ODD), Refusal.ENOENT);
      refused(
          () -> kernel.add(new TableEntry("forwards4", List.of("tcp", "x"), List.of("?", "y"), "")),
          Refusal.EINVAL);
    }
  }

  private static void refused(Runnable change, Refusal errno) {
    assertThatExceptionOfType(KernelException.class)
        .isThrownBy(change::run)
        .satisfies(refusal -> assertThat(errno.is(refusal)).as(refusal.getMessage()).isTrue());
  }

  @Test
  void whereItIsNotInstalledTheRemedyIsNamed() {
    assertThatExceptionOfType(KernelException.class)
        .isThrownBy(() -> LibNftables.open("libnosuch.so.9"))
        .withMessageEndingWith(
            "NAT is made with nftables, not iptables: apt-get install libnftables1");
  }
}
