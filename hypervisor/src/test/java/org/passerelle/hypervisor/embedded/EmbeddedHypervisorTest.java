package org.passerelle.hypervisor.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.passerelle.hypervisor.DomainContext;
import org.passerelle.hypervisor.HypervisorException;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.memory.ForeignGrants.MappedGrant;
import org.passerelle.hypervisor.memory.GrantAccess;
import org.passerelle.hypervisor.memory.GrantException;
import org.passerelle.hypervisor.xenstore.StoreException;
import org.passerelle.hypervisor.xenstore.XenStore;
import org.passerelle.hypervisor.xenstore.server.StoreServer;

class EmbeddedHypervisorTest {
  @TempDir Path directory;
  private EmbeddedHypervisor hypervisor;

  @BeforeEach
  void start() {
    hypervisor = EmbeddedHypervisor.start(directory.resolve("run"));
  }

  @AfterEach
  void close() {
    hypervisor.close();
  }

  @Test
  void idsAreNeverUsedAgainNotEvenAfterARestart() {
    assertThat(hypervisor.create("a", 8).id()).isEqualTo(new DomainId(1));
    hypervisor.destroy(new DomainId(1));
    assertThat(hypervisor.create("a", 8).id()).isEqualTo(new DomainId(2));
    hypervisor.close();
    hypervisor = EmbeddedHypervisor.start(directory.resolve("run"));
    assertThat(hypervisor.create("a", 8).id()).isEqualTo(new DomainId(3));
  }

  @Test
  void aDomainFindsItselfInTheStore() {
    DomainContext guest = hypervisor.create("web", 8);
    XenStore dom0 = hypervisor.dom0().store();
    assertThat(dom0.read("/local/domain/1/name")).isEqualTo("web");
    assertThat(dom0.read("/local/domain/1/domid")).isEqualTo("1");
    assertThat(dom0.permissions("/local/domain/1").entries()).containsExactly("n1");
    assertThat(dom0.permissions("/local/domain/1/name").entries()).containsExactly("n0", "r1");
    assertThat(dom0.read("/local/domain/0/name")).isEqualTo("Domain-0");
    assertThat(guest.store().read("name")).isEqualTo("web");
    guest.store().write("data/mine", "1");
    assertThat(dom0.read("/local/domain/1/data/mine")).isEqualTo("1");
    assertThatThrownBy(() -> guest.store().write("name", "dom0"))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("EACCES");
    assertThatThrownBy(() -> guest.store().write("/local/domain/0/name", "me"))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("EACCES");
  }

  @Test
  void anEndedDomainIsGone() {
    DomainContext guest = hypervisor.create("web", 8);
    int frame = guest.memory().allocate();
    hypervisor.destroy(guest.id());
    assertThat(hypervisor.dom0().store().list("/local/domain")).containsExactly("0");
    assertThatThrownBy(() -> guest.memory().page(frame).fill((byte) 1))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> guest.store().read("name")).isInstanceOf(RuntimeException.class);
    for (DomainId wrong : List.of(guest.id(), DomainId.DOM0, new DomainId(77))) {
      assertThatThrownBy(() -> hypervisor.destroy(wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(wrong.toString());
    }
  }

  @Test
  void oneRunDirectoryHasOneHypervisor() throws IOException {
    assertThatThrownBy(() -> EmbeddedHypervisor.start(directory.resolve("run")))
        .isInstanceOf(HypervisorException.class)
        .hasMessageContaining(directory.resolve("run").toString());
    try (StoreServer server = new StoreServer()) {
      assertThatThrownBy(
              () -> EmbeddedHypervisor.start(directory.resolve("run"), host(server, "nothing")))
          .isInstanceOf(HypervisorException.class)
          .hasMessageContaining("another hypervisor");
    }
    assertThat(hypervisor.create("still here", 8).id().value()).isEqualTo(1);
    Files.writeString(directory.resolve("file"), "");
    assertThatThrownBy(() -> EmbeddedHypervisor.start(directory.resolve("file")))
        .isInstanceOf(HypervisorException.class)
        .hasMessageContaining(directory.resolve("file").toString());
  }

  @Test
  void aDomainThatCannotBeStartedLeavesNothing() {
    long descriptors = Descriptors.ours();
    assertThatThrownBy(() -> hypervisor.create("none", 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(Descriptors.ours()).isEqualTo(descriptors);
    assertThat(hypervisor.create("some", 8).id()).as("no id was spent").isEqualTo(new DomainId(1));
  }

  @Test
  void whenTheStoreFailsAllElseIsUndone() {
    for (String call : new String[] {"introduce", "connect"}) {
      try (StoreServer server = new StoreServer()) {
        try (EmbeddedHypervisor other =
            EmbeddedHypervisor.start(directory.resolve(call), host(server, call))) {
          long descriptors = Descriptors.ours();
          long mappings = Descriptors.mappings();
          assertThatThrownBy(() -> other.create("web", 8)).hasMessageContaining(call + " fails");
          assertThat(Descriptors.ours()).isEqualTo(descriptors);
          assertThat(Descriptors.mappings()).isEqualTo(mappings);
          assertThat(other.dom0().store().list("/local/domain")).containsExactly("0");
        }
      }
    }
  }

  @Test
  void aThousandDomainsLeaveNothing() throws GrantException {
    cycles(20);
    long descriptors = Descriptors.ours();
    long mappings = Descriptors.mappings();
    cycles(1000);
    assertThat(Descriptors.ours()).isEqualTo(descriptors);
    assertThat(Descriptors.mappings()).isEqualTo(mappings);
    assertThat(hypervisor.dom0().store().list("/local/domain")).containsExactly("0");
  }

  /** Each with what a vif needs; half of it given back, half left to be taken back. */
  private void cycles(int count) throws GrantException {
    DomainContext dom0 = hypervisor.dom0();
    for (int i = 0; i < count; i++) {
      DomainContext guest = hypervisor.create("guest", 600);
      List<MappedGrant> mapped = new ArrayList<>();
      for (int ring = 0; ring < 2; ring++) {
        int frame = guest.memory().allocate();
        int reference = guest.grants().grant(DomainId.DOM0, frame, GrantAccess.READ_WRITE);
        mapped.add(dom0.foreignGrants().map(guest.id(), reference, GrantAccess.READ_WRITE));
        int port = guest.events().allocateUnbound(DomainId.DOM0);
        dom0.events().bindInterdomain(guest.id(), port);
      }
      dom0.events().close(1);
      mapped.getFirst().close();
      hypervisor.destroy(guest.id());
      mapped.getLast().close();
      dom0.events().close(2);
    }
  }

  @Test
  void closingEndsAll() {
    hypervisor.create("a", 8);
    hypervisor.create("b", 8);
    long descriptors = Descriptors.ours();
    hypervisor.close();
    hypervisor.close();
    assertThat(Descriptors.named("passerelle-dom0")).isEmpty();
    assertThat(Descriptors.named("passerelle-dom2")).isEmpty();
    assertThat(Descriptors.mappings()).isZero();
    assertThat(Descriptors.ours()).isLessThan(descriptors);
    assertThat(EmbeddedHypervisor.storeSocket(directory.resolve("run"))).doesNotExist();
    assertThatThrownBy(() -> hypervisor.create("c", 8))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  /** A real store, one call of which fails for guests. */
  private static StoreHost host(StoreServer server, String failing) {
    return new StoreHost() {
      @Override
      public XenStore connect(DomainId domain) {
        failFor("connect", domain);
        return server.connect(domain);
      }

      @Override
      public int lend(DomainId domain) {
        throw new UnsupportedOperationException();
      }

      @Override
      public void introduce(DomainId domain) {
        failFor("introduce", domain);
        server.introduce(domain);
      }

      @Override
      public void release(DomainId domain) {
        server.release(domain);
      }

      @Override
      public void close() {
        server.close();
      }

      private void failFor(String call, DomainId domain) {
        if (call.equals(failing) && domain.value() > 0) {
          throw new IllegalStateException(call + " fails");
        }
      }
    };
  }
}
