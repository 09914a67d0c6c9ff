package org.passerelle.natroute.nft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.passerelle.link.fake.FakeKernel;
import org.passerelle.link.os.Capability;
import org.passerelle.link.os.Namespace;
import org.passerelle.link.os.NetlinkKernel;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.plan.SetGuard;
import org.passerelle.link.rtnl.Guard;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.rtnl.LinkSpec;
import org.passerelle.link.rtnl.Refusal;
import org.passerelle.link.rtnl.TableEntry;
import org.passerelle.link.rtnl.VethKind;
import org.passerelle.link.testing.Needs;
import org.passerelle.link.testing.TestNamespaces;
import org.passerelle.link.wire.MacAddress;
import org.passerelle.natroute.GuestAddresses;
import org.passerelle.natroute.GuestFilter;

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
      for (TableEntry entry : List.of(WEB, WEB6, ODD)) {
        assertThat(kernel.entry(entry.place())).contains(entry);
        assertThat(kernel.entries(entry.set())).contains(entry);
      }
      kernel.remove(WEB);
      kernel.remove(ODD);
      assertThat(kernel.entry(WEB.place())).isEmpty();
      assertThat(kernel.entry(ODD.place())).isEmpty();
      assertThat(kernel.entries(ODD.set())).isEmpty();
      assertThat(kernel.hasTable()).isTrue();
      assertThat(kernel.table()).contains(List.of(WEB6));
      kernel.deleteTable();
      assertThat(kernel.table()).isEqualTo(Optional.empty());
      assertThat(kernel.hasTable()).isFalse();
      assertThat(kernel.entry(WEB.place())).isEmpty();
    }
  }

  private static Guard guard(String device, String ip) {
    Host host = new Host(new FakeKernel());
    Optional<GuestAddresses> addresses =
        Optional.of(ip).filter(text -> !text.isEmpty()).map(GuestAddresses::parse);
    Plan plan =
        new GuestFilter(device, MacAddress.parse("00:16:3e:00:00:07"), addresses).attach(host);
    return ((SetGuard) plan.steps().getFirst().operation()).guard();
  }

  /** In the words in which a guest's rules are written they are read again. */
  @Test
  void aGuardTakesTheLastOnesPlace() {
    try (NftKernel kernel = kernel()) {
      kernel.create(LinkSpec.of("web0", new VethKind("web1")));
      assertThat(kernel.guard("web0")).isEmpty();
      for (String ip :
          List.of("", "10.0.9.5", "10.0.9.5 fd00::7", "10.0.0.0/8 10.0.9.5 fd00::/64 fd00:1::1")) {
        kernel.guard(guard("web0", ip));
        assertThat(kernel.guard("web0")).contains(guard("web0", ip));
      }
      kernel.guard(guard("web1", "10.0.9.5"));
      kernel.unguard("web0");
      assertThat(kernel.guard("web0")).isEmpty();
      assertThat(kernel.guard("web1")).contains(guard("web1", "10.0.9.5"));
    }
  }

  /** So a release takes it away also when the link is gone already. */
  @Test
  void aGuardsTableOutlivesItsLink() {
    try (NftKernel kernel = kernel()) {
      kernel.create(LinkSpec.of("web0", new VethKind("web1")));
      kernel.guard(guard("web0", "10.0.9.5"));
      kernel.delete("web0");
      assertThat(kernel.guard("web0")).isPresent();
      kernel.create(LinkSpec.of("web0", new VethKind("web1")));
      kernel.guard(guard("web0", ""));
      assertThat(kernel.guard("web0")).contains(guard("web0", ""));
      kernel.unguard("web0");
      refused(() -> kernel.unguard("web0"), Refusal.ENOENT);
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

  /** The library says "Interrupted system call" then, now and then. */
  @Test
  void aQuestionIsAnsweredWhileRulesChange() throws Exception {
    Namespace namespace = namespaces.create();
    try (NftKernel kernel = namespace.call(() -> new NftKernel(NetlinkKernel.open()));
        NftKernel other = namespace.call(() -> new NftKernel(NetlinkKernel.open()))) {
      kernel.createTable();
      kernel.add(WEB);
      AtomicBoolean enough = new AtomicBoolean();
      FutureTask<Integer> changes = new FutureTask<>(() -> changes(other, enough));
      Thread.ofPlatform().start(changes);
      try {
        for (int i = 0; i < 500; i++) {
          assertThat(kernel.entry(WEB.place())).contains(WEB);
        }
      } finally {
        enough.set(true);
      }
      assertThat(changes.get(10, TimeUnit.SECONDS)).isPositive();
    }
  }

  private static int changes(NftKernel kernel, AtomicBoolean enough) {
    int changes = 0;
    while (!enough.get()) {
      kernel.add(WEB6);
      kernel.remove(WEB6);
      changes++;
    }
    return changes;
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
            "NAT and antispoof are made with nftables, not iptables: apt-get install libnftables1");
  }
}
