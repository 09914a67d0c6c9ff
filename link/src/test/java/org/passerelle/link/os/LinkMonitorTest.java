package org.passerelle.link.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.link.rtnl.LinkNews;
import org.passerelle.link.rtnl.LinkSpec;
import org.passerelle.link.rtnl.VethKind;
import org.passerelle.link.testing.Needs;
import org.passerelle.link.testing.TestNamespaces;

@Needs({Capability.NET_ADMIN, Capability.VETH, Capability.PACKET_SOCKET})
class LinkMonitorTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @RegisterExtension final TestNamespaces namespaces = new TestNamespaces();

  private final List<LinkNews> news = new ArrayList<>();
  private int missed;

  private final LinkMonitor.Listener listener =
      new LinkMonitor.Listener() {
        @Override
        public void heard(LinkNews one) {
          news.add(one);
        }

        @Override
        public void missedSome() {
          missed++;
        }
      };

  private Namespace namespace;
  private NetlinkKernel kernel;
  private LinkMonitor monitor;

  @BeforeEach
  void open() {
    namespace = namespaces.create();
    kernel = namespace.kernel();
    monitor = namespace.call(LinkMonitor::open);
    kernel.create(LinkSpec.of("eth0", new VethKind("eth1")));
  }

  @AfterEach
  void close() {
    monitor.close();
    kernel.close();
  }

  private List<LinkNews> heard(String device) {
    news.clear();
    monitor.read(listener);
    return news.stream().filter(one -> one.link().name().equals(device)).toList();
  }

  /**
   * The last of the news, which may come later than the call that they are about returns: a process
   * that somebody forks holds a descriptor that is closed here until it starts its program.
   */
  private LinkNews awaited(String device) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    List<LinkNews> found = heard(device);
    while (found.isEmpty() && System.nanoTime() < end) {
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
      found = heard(device);
    }
    return found.getLast();
  }

  @Test
  void tellsOfALinksLife() {
    assertThat(heard("eth0")).isNotEmpty().noneMatch(LinkNews::gone);
    kernel.change("eth0", LinkChange.builder().up(true).build());
    assertThat(heard("eth0").getLast().link().isUp()).isTrue();
    kernel.change("eth0", LinkChange.builder().up(false).name("peth0").build());
    assertThat(heard("peth0").getLast().link().index())
        .isEqualTo(kernel.link("peth0").orElseThrow().index());
    kernel.delete("peth0");
    assertThat(heard("peth0").getLast().gone()).isTrue();
    assertThat(missed).isZero();
  }

  @Test
  void tellsWhoListensToAll() {
    PacketSocket capture = namespace.call(() -> PacketSocket.open("eth0"));
    assertThat(heard("eth0").getLast().promiscuity()).isOne();
    capture.close();
    assertThat(awaited("eth0").promiscuity()).isZero();
  }

  /** Each change leaves some 2,000 octets of news; there is room for one or two million. */
  @Test
  @Tag("host")
  void saysSoWhenItMissedSome() {
    for (int i = 0; i < 1000; i++) {
      kernel.change("eth0", LinkChange.builder().up(i % 2 == 0).build());
    }
    assertThat(heard("eth0")).isNotEmpty();
    assertThat(missed).isOne();
  }
}
