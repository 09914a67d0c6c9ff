package org.passerelle.outside;

import static org.assertj.core.api.Assertions.assertThat;
import static org.passerelle.traffic.Talk.pings;
import static org.passerelle.traffic.Talk.streamed;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.passerelle.lab.switching.SwitchedNamespace;
import org.passerelle.link.os.Namespace;

/**
 * A vif that tags, where the trunk process takes its tags out: {@code vlan=1p/100}, beside guests
 * of the same VLAN, of VLAN 200, and of none, on a host whose bridges do not look at tags.
 */
class TrunkVifTest extends TrunkTest {
  private static final String BACKEND = "/local/domain/0/backend/vif/7/0";
  private static final String VIF = "vif7.0";
  private static final String TAP = "vif7.0.100";
  private static final String TAG = "8100 0064";
  private static final int STREAM = 16 << 20;

  private Namespace guest;
  private Namespace access;
  private Namespace plain;

  @BeforeEach
  void start() {
    hosts.run("start", "vlans=100,200", "untagged=xenbr0", "switching=userspace");
    guest = hosts.unattached(VIF);
    namespaces.address(guest, "eth0", "192.0.2.7/24");
    access = hosts.guest("vif8.0", "vlanbr100", "10.0.100.8/24");
    plain = hosts.guest("vif6.0", "xenbr0", "192.0.2.6/24");
    node("bridge", "xenbr0");
    node("vlan", "1p/100");
    hosts.dom0().setenv("XENBUS_PATH", "backend/vif/7/0");
    hosts.dom0().setenv("vif", VIF);
  }

  @AfterEach
  void end() {
    hosts.close(VIF, "web0");
  }

  private void node(String name, String value) {
    hosts.dom0().store().write(BACKEND + "/" + name, value);
  }

  private Optional<String> status() {
    return hosts.dom0().store().readIfPresent(BACKEND + "/hotplug-status");
  }

  private void vif(String command) {
    hosts.dom0().run(List.of("vif-bridge", command, "switching=userspace"));
  }

  private String filters() {
    return hosts.dom0().command("tc", "qdisc", "show", "dev", VIF, "clsact");
  }

  private void assertNothingIsLeft() {
    assertThat(hosts.link(TAP)).isEmpty();
    assertThat(hosts.process(VIF)).isEmpty();
    assertThat(hosts.filesOf(VIF)).isEmpty();
    assertThat(hosts.dom0().file("run/tags/" + VIF)).doesNotExist();
  }

  @Test
  void theGuestReachesItsNetworksAndNoOther() throws Exception {
    Namespace other = hosts.guest("vif9.0", "vlanbr200", "10.0.200.9/24");
    vif("online");
    assertThat(status()).contains("connected");
    assertThat(hosts.isRunning(TAP)).isTrue();
    assertThat(pings(guest, "192.0.2.6")).isTrue();
    assertThat(pings(guest, "192.0.2.1")).isTrue();
    SwitchedNamespace granted = hosts.tagging(guest, 100, "10.0.100.7/24");
    assertThat(pings(guest, "10.0.100.8")).isTrue();
    assertThat(pings(hosts.outside(), "10.0.100.7")).isTrue();
    assertThat(streamed(guest, access, "10.0.100.8", STREAM)).isEqualTo(STREAM);
    assertThat(streamed(hosts.outside(), guest, "10.0.100.7", STREAM)).isEqualTo(STREAM);
    granted.close();
    SwitchedNamespace others = hosts.tagging(guest, 200, "10.0.200.7/24");
    assertThat(pings(other, "10.0.200.1")).isTrue();
    assertThat(pings(guest, "10.0.200.9")).isFalse();
    assertThat(pings(guest, "10.0.200.1")).isFalse();
    others.close();
  }

  /** The untagged side: a priority is no tag, and whatever has one does not get to the bridge. */
  @Test
  void noTagsGetToTheBridge() {
    vif("online");
    try (FramePath path = new FramePath(guest, "eth0", plain, "eth0")) {
      path.passes("88b5 00000001", "88b5 00000001", "", "");
      path.passes("8100 e000 88b5 00000001", "8100 e000 88b5 00000001", "", "");
      path.passes("8100 0064 88b5 00000001", "", "", "");
      path.passes("8100 00c8 88b5 00000001", "", "", "");
      path.passes("8100 012c 88b5 00000001", "", "", "");
      path.passes("88a8 012c 88b5 00000001", "", "", "");
      path.passes("88a8 0000 88b5 00000001", "", "", "");
      path.passes("8100 0000 8100 00c8 88b5 00000001", "", "", "");
    }
  }

  @Test
  void itsVlanGetsWhatHasThatTagAndNoOther() {
    vif("online");
    try (FramePath path = new FramePath(guest, "eth0", access, "eth0")) {
      path.passes("8100 0064 88b5 00000001", "88b5 00000001", TAG, "");
      path.passes("8100 e064 88b5 00000001", "88b5 00000001", TAG, "");
      path.passes("88b5 00000001", "", TAG, "");
      path.passes("8100 00c8 88b5 00000001", "", TAG, "");
      path.passes("8100 0064 8100 00c8 88b5 00000001", "", TAG, "");
      path.passes("8100 0064 88a8 00c8 88b5 00000001", "", TAG, "");
    }
  }

  /** From its VLAN with the tag; from the bridge of the untagged side what has none. */
  @Test
  void theGuestGetsTagsOfItsVlanOnly() {
    vif("online");
    passes(access, "88b5 00000001", guest, TAG + " 88b5 00000001", "", TAG);
    try (FramePath path = new FramePath(plain, "eth0", guest, "eth0")) {
      path.passes("88b5 00000001", "88b5 00000001", "", "");
      path.passes("8100 0064 88b5 00000001", "", "", "");
      path.passes("8100 012c 88b5 00000001", "", "", "");
      path.passes("88a8 0064 88b5 00000001", "", "", "");
      path.passes("8100 0000 8100 0064 88b5 00000001", "", "", "");
    }
  }

  private static void passes(
      Namespace from, String sent, Namespace to, String arriving, String tag, String tagThere) {
    try (FramePath path = new FramePath(from, "eth0", to, "eth0")) {
      path.passes(sent, arriving, tag, tagThere);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {VIF, "web0"})
  void offlineLeavesNothing(String name) {
    node("vifname", name);
    vif("online");
    assertThat(hosts.isRunning(name + ".100")).isTrue();
    ProcessHandle keeper = hosts.keeper(name);
    vif("offline");
    assertThat(hosts.link(name + ".100")).isEmpty();
    assertThat(hosts.link(name).orElseThrow().master()).isZero();
    assertThat(hosts.filesOf(name)).isEmpty();
    assertThat(hosts.dom0().command("tc", "qdisc", "show", "dev", name, "clsact")).isEmpty();
    assertThat(hosts.dom0().file("run/tags/" + VIF)).doesNotExist();
    assertThat(Patience.until(alive -> !alive, keeper::isAlive)).isFalse();
  }

  private static void kill(ProcessHandle process) {
    process.destroyForcibly();
    Patience.until(alive -> !alive, process::isAlive);
  }

  private void killAll() {
    ProcessHandle process = hosts.process(VIF).orElseThrow();
    kill(hosts.keeper(VIF));
    kill(process);
    Patience.until(running -> !running, () -> hosts.isRunning(TAP));
  }

  @Test
  void killedItIsStartedAgain() {
    vif("online");
    ProcessHandle process = hosts.process(VIF).orElseThrow();
    kill(process);
    assertThat(Patience.until(Optional::isPresent, () -> hosts.process(VIF))).isPresent();
    assertThat(Patience.until(running -> running, () -> hosts.isRunning(TAP))).isTrue();
    passes(guest, TAG + " 88b5 00000001", access, "88b5 00000001", TAG, "");
  }

  /** Nobody serves it, and its tags do not get to the bridge all the same. */
  @Test
  void killedWithItsKeeperItIsStartedByTheNextOnline() {
    vif("online");
    killAll();
    passes(guest, TAG + " 88b5 00000001", plain, "", "", "");
    vif("online");
    assertThat(hosts.isRunning(TAP)).isTrue();
    passes(guest, TAG + " 88b5 00000001", access, "88b5 00000001", TAG, "");
  }

  @Test
  void itEndsWithItsVif() {
    vif("online");
    ProcessHandle keeper = hosts.keeper(VIF);
    hosts.dom0().ip("link", "delete", "dev", VIF);
    assertThat(Patience.until(alive -> !alive, keeper::isAlive)).isFalse();
    assertThat(hosts.link(TAP)).isEmpty();
    vif("offline");
    assertNothingIsLeft();
  }

  @Test
  void killedWithItsKeeperItLeavesNothingOnceTheVifIsGone() {
    vif("online");
    killAll();
    hosts.dom0().ip("link", "delete", "dev", VIF);
    assertThat(hosts.link(TAP)).isPresent();
    vif("offline");
    assertNothingIsLeft();
  }

  @Test
  void grantedNothingAnyMoreItIsAVifLikeOthers() {
    vif("online");
    hosts.dom0().store().remove(BACKEND + "/vlan");
    vif("online");
    assertNothingIsLeft();
    assertThat(filters()).isEmpty();
    passes(guest, "8100 012c 88b5 00000001", plain, "8100 012c 88b5 00000001", "", "");
  }

  /** The directory of its lock is a file: nothing serves, and nothing is attached. */
  @Test
  void whatCannotBeServedIsNotAttached() {
    hosts.dom0().command("mv", hosts.dom0().file("run/trunk").toString(), directory + "/trunk");
    hosts.file("run/trunk", "");
    Process script = hosts.dom0().script(List.of("vif-bridge", "online", "switching=userspace"));
    assertThat(Patience.end(script)).isEqualTo(1);
    assertThat(status()).contains("error");
    assertThat(hosts.link(TAP)).isEmpty();
    assertThat(hosts.link(VIF).orElseThrow().master()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "KILL"})
  void itOutlivesTheAgentThatStartedIt(String signal) throws Exception {
    Process agent = hosts.passerelle("agent.log", List.of("agent"));
    try {
      Path token = hosts.dom0().file("run/calls/0/token");
      assertThat(Patience.until(there -> there, () -> Files.exists(token))).isTrue();
      vif("online");
      assertThat(hosts.keeper(VIF).parent().map(ProcessHandle::pid)).contains(agent.pid());
    } finally {
      new ProcessBuilder("kill", "-" + signal, "" + agent.pid()).start().waitFor();
      agent.waitFor();
    }
    passes(guest, TAG + " 88b5 00000001", access, "88b5 00000001", TAG, "");
    vif("offline");
    assertNothingIsLeft();
  }

  @Test
  void aDryRunSaysAllAndDoesNothing() {
    hosts.dom0().run(List.of("vif-bridge", "online", "switching=userspace", "--dry-run"));
    assertThat(hosts.dom0().said())
        .contains(
            "tc qdisc add dev vif7.0 clsact", "tc filter add dev vif7.0 egress pref 20564 bpf")
        .contains("vif7.0.100 master vlanbr100", "setsid passerelle trunk vif7.0 &");
    assertNothingIsLeft();
    assertThat(filters()).isEmpty();
  }
}
