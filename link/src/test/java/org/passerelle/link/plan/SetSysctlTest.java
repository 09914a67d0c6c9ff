package org.passerelle.link.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.passerelle.link.fake.FakeKernel;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.link.wire.MacAddress;

/** Settings as operations, and what is kept of them for a later stop. */
class SetSysctlTest {
  private static final SetSysctl ANSWER = SetSysctl.of("vif7.0", SetSysctl.IPV4, "proxy_arp", "1");
  private static final Journal.Key KEY = new Journal.Key("boot", 1);

  @TempDir Path directory;
  private FakeKernel kernel;

  @BeforeEach
  void host() {
    kernel = new FakeKernel();
    kernel.plug("vif7.0", MacAddress.VIF);
  }

  private Host now() {
    return new Host(kernel);
  }

  private String answers(String device) {
    return kernel.sysctl("net/ipv4/conf/" + device + "/proxy_arp").orElse("none");
  }

  @Test
  void theUndoFindsTheDeviceByItsNumber() {
    List<Operation> undo = ANSWER.undo(now());
    ANSWER.apply(kernel);
    kernel.change("vif7.0", LinkChange.builder().name("web0").build());
    assertThat(undo.getFirst().applyIfDue(kernel)).isTrue();
    assertThat(answers("web0")).isEqualTo("0");
    assertThat(undo.getFirst().applyIfDue(kernel)).isFalse();
  }

  @Test
  void whatSomebodySetSinceStays() {
    List<Operation> undo = ANSWER.undo(now());
    ANSWER.apply(kernel);
    kernel.sysctl("net/ipv4/conf/vif7.0/proxy_arp", "2");
    assertThat(undo.getFirst().applyIfDue(kernel)).isFalse();
    assertThat(answers("vif7.0")).isEqualTo("2");
  }

  @Test
  void thereIsNothingToUndoWhereItIsSoAlready() {
    ANSWER.apply(kernel);
    assertThat(ANSWER.undo(now())).isEmpty();
    assertThat(SetSysctl.of("nosuch", SetSysctl.IPV4, "proxy_arp", "1").undo(now())).isEmpty();
  }

  @Test
  void whatIsKeptIsOfThisBootAndNamespace() throws Exception {
    Keepsakes kept = new Keepsakes(directory, KEY);
    keep(kept);
    ANSWER.apply(kernel);
    assertThat(kept.restoring("user", kernel).steps()).hasSize(1);
    assertThat(new Keepsakes(directory, new Journal.Key("boot", 2)).isKept("user")).isFalse();
    Keepsakes later = new Keepsakes(directory, new Journal.Key("another", 1));
    assertThat(later.restoring("user", kernel).steps()).isEmpty();
    assertThat(later.isKept("user")).isFalse();
    assertThat(later.isSeen(later.keeping("user", List.of(), now()).proof())).contains(false);
    assertThat(later.isSeen(later.forgetting("user").proof())).contains(true);
    assertThat(kept.isKept("user")).isTrue();
    kept.forgetting("user").say().run();
    try (var files = Files.list(directory)) {
      assertThat(files).isEmpty();
    }
  }

  private void keep(Keepsakes kept) {
    Announcement keeping = kept.keeping("user", List.of(ANSWER), now());
    assertThat(kept.isSeen(keeping.proof())).contains(false);
    keeping.say().run();
    assertThat(kept.isSeen(keeping.proof())).contains(true);
    assertThat(kept.isSeen(kept.forgetting("user").proof())).contains(false);
    assertThat(kept.isSeen("backend/vif/7/0/hotplug-status")).isEmpty();
  }
}
