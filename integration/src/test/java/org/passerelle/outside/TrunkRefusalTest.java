package org.passerelle.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.passerelle.link.os.Tap;

/** What the trunk process does not get at once, of several VLANs. */
class TrunkRefusalTest extends TrunkTest {
  private static final String FREE = "eth0.100";
  private static final String HELD = "eth0.200";

  private Tap held;
  private Process keeper;

  /** One that has begun while somebody else had one of the taps. */
  @BeforeEach
  void aProcessThatServesOneOfTwo() {
    hosts.run("start", "vlans=100,200", "switching=userspace");
    hosts.killAll(FREE);
    int index = hosts.link(HELD).orElseThrow().index();
    awaitRunning(HELD, false);
    held = hosts.dom0().open(() -> Tap.attach(HELD, index));
    awaitRunning(HELD, true);
    // Or the kernel would have news of it when it is let go.
    held.carrier(false);
    awaitRunning(HELD, false);
    keeper = hosts.trunk(List.of("eth0"));
    awaitRunning(FREE, true);
  }

  private void awaitRunning(String tap, boolean running) {
    assertThat(Patience.until(now -> now == running, () -> hosts.isRunning(tap)))
        .as(tap + ": " + hosts.dom0().said())
        .isEqualTo(running);
  }

  @AfterEach
  void end() {
    held.close();
  }

  private String filter() {
    return hosts.dom0().command("tc", "filter", "show", "dev", "eth0", "ingress");
  }

  private void awaitFilter(Predicate<String> enough) {
    assertThat(Patience.until(enough, this::filter)).matches(enough);
  }

  @Test
  void itIsServedOnceItIsLetGo() {
    awaitFilter(text -> text.contains("100") && !text.contains("200"));
    assertThat(hosts.isRunning(HELD)).isFalse();
    held.close();
    awaitRunning(HELD, true);
    awaitFilter(text -> text.contains("200"));
  }

  /** The one that it could not have is left: that is not the end. */
  @Test
  void itWaitsForTheLastOneToo() {
    long process = hosts.process().orElseThrow().pid();
    hosts.dom0().ip("link", "delete", "dev", FREE);
    awaitFilter(String::isEmpty);
    held.close();
    awaitRunning(HELD, true);
    assertThat(hosts.process().orElseThrow().pid()).as(hosts.dom0().said()).isEqualTo(process);
    hosts.dom0().ip("link", "delete", "dev", HELD);
    assertThat(Patience.end(keeper)).isZero();
  }
}
