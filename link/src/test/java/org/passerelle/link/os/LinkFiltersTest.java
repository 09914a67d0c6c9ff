package org.passerelle.link.os;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.passerelle.link.testing.Needs;
import org.passerelle.link.testing.TestNamespaces;
import org.passerelle.link.wire.VlanId;

/** The place for filters, clsact, goes with our last one only if we made it. */
@Needs({Capability.NET_ADMIN, Capability.VETH, Capability.INGRESS_DROP, Capability.IPROUTE2})
class LinkFiltersTest {
  private static final String LINK = "vif1.0";

  @RegisterExtension final TestNamespaces namespaces = new TestNamespaces();
  private NamespaceShell namespace;
  private int index;

  @BeforeEach
  void aLink() {
    namespace = new NamespaceShell(namespaces.create());
    namespace.ip("link add " + LINK + " type veth peer name other");
    index = namespace.call(() -> SocketCalls.linkIndex(LINK));
  }

  private void drop(int... vlans) {
    drop(IntStream.of(vlans));
  }

  private void drop(IntStream vlans) {
    SortedSet<VlanId> all =
        vlans.mapToObj(VlanId::new).collect(Collectors.toCollection(TreeSet::new));
    in(() -> IngressVlans.drop(index, LINK, all));
  }

  private void dropTooMany() {
    IntStream scattered = IntStream.iterate(2, vlan -> vlan <= 4094, vlan -> vlan + 2);
    assertThatThrownBy(() -> drop(scattered)).hasStackTraceContaining("gaps");
  }

  private void end() {
    in(() -> IngressVlans.end(index, LINK));
  }

  private void in(Runnable task) {
    namespace.namespace().run(task);
  }

  /** Fails when there is none. */
  private void assertPlace(boolean there) {
    namespace.sh((there ? "" : "! ") + "tc qdisc show dev " + LINK + " | grep clsact");
  }

  @Test
  void ourPlaceGoesWithTheLastFilter() {
    drop(100);
    drop(100, 200);
    assertPlace(true);
    end();
    assertPlace(false);
  }

  @Test
  void anEmptyPlaceOfSomebodyElseStays() {
    namespace.sh("tc qdisc add dev " + LINK + " clsact");
    drop(100);
    drop(200);
    end();
    assertPlace(true);
  }

  @Test
  void ourPlaceStaysWithTheFilterOfSomebodyElse() {
    drop(100);
    namespace.sh("tc filter add dev " + LINK + " egress pref 7 bpf da bytecode '1,6 0 0 0'");
    end();
    assertPlace(true);
  }

  /** Or it would count as somebody else's from then on. */
  @Test
  void noPlaceIsMadeForWhatCannotBe() {
    dropTooMany();
    assertPlace(false);
  }

  @Test
  void ourPlaceStaysWhenMoreCannotBe() {
    drop(100);
    dropTooMany();
    assertPlace(true);
    end();
    assertPlace(false);
  }

  /** Whichever is there first, and whichever goes last. */
  @Test
  void ourPlaceIsThatOfTheFenceToo() {
    in(() -> TagFence.put(index, LINK));
    drop(100);
    in(() -> TagFence.remove(index, LINK));
    assertPlace(true);
    in(() -> TagFence.put(index, LINK));
    end();
    assertPlace(true);
    in(() -> TagFence.remove(index, LINK));
    assertPlace(false);
  }
}
