package org.passerelle.natroute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.passerelle.link.fake.FakeKernel;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.plan.RefusedException;
import org.passerelle.link.plan.VifDevice;
import org.passerelle.link.rtnl.TableEntry;
import org.passerelle.natroute.GuestServices.Service;

class GuestServicesTest {
  private static final VifDevice VIF = new VifDevice("vif7.0", Optional.empty());
  private static final VifDevice NAMED = new VifDevice("vif7.0", Optional.of("web0"));

  private FakeKernel kernel;

  @BeforeEach
  void host() {
    kernel = new FakeKernel();
  }

  private Plan attach(VifDevice vif, String words) {
    return GuestServices.attach(new Host(kernel), vif, GuestServices.parse(words));
  }

  private void carryOut(Plan plan) {
    plan.steps().forEach(step -> step.operation().apply(kernel));
  }

  private List<String> table() {
    return kernel.table().stream()
        .flatMap(List::stream)
        .map(entry -> entry.set() + " " + String.join(" ", entry.key()))
        .toList();
  }

  @Test
  void wordsAreServices() {
    assertThat(GuestServices.parse("tcp:22,udp:53 tcp:22").orElseThrow().all())
        .containsExactly(new Service("tcp", 22), new Service("udp", 53));
    assertThat(GuestServices.parse("none").orElseThrow().all()).isEmpty();
    assertThat(GuestServices.parse("any")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ssh", "tcp", "tcp:0", "tcp:65536", "icmp:8", "tcp:22:22", "tcp:22,any"})
  void otherWordsAreRefused(String words) {
    assertThatThrownBy(() -> GuestServices.parse(words))
        .isInstanceOf(RefusedException.class)
        .hasMessageEndingWith("is not PROTOCOL:PORT, for example tcp:22; none and any stand alone");
  }

  @Test
  void theFirstMakesTheTableAndTheLastTakesItAway() {
    carryOut(attach(VIF, "tcp:22,udp:53"));
    assertThat(table())
        .containsExactly("guests vif7.0", "services vif7.0 tcp 22", "services vif7.0 udp 53");
    VifDevice other = new VifDevice("vif8.0", Optional.empty());
    carryOut(attach(other, "none"));
    carryOut(GuestServices.detach(new Host(kernel), VIF));
    assertThat(table()).containsExactly("guests vif8.0");
    carryOut(GuestServices.detach(new Host(kernel), other));
    assertThat(kernel.table()).isEmpty();
  }

  @Test
  void aSecondTimeNothingIsPlanned() {
    carryOut(attach(VIF, "tcp:22"));
    assertThat(attach(VIF, "tcp:22").steps()).isEmpty();
  }

  @Test
  void othersWordsTakeTheirPlace() {
    carryOut(attach(VIF, "tcp:22,udp:53"));
    carryOut(attach(NAMED, "tcp:22"));
    assertThat(table()).containsExactly("guests web0", "services web0 tcp 22");
    carryOut(attach(NAMED, "any"));
    assertThat(kernel.table()).isEmpty();
  }

  /** A vif that was never released, and whose name another one has now. */
  @Test
  void whatWasLeftUnderItsNameGoes() {
    VifDevice earlier = new VifDevice("vif3.0", Optional.of("web0"));
    carryOut(attach(earlier, "tcp:22,tcp:80"));
    carryOut(attach(NAMED, "tcp:22"));
    assertThat(table()).containsExactly("guests web0", "services web0 tcp 22");
    assertThat(kernel.table().orElseThrow()).allMatch(entry -> entry.owner().equals("vif7.0"));
  }

  @Test
  void whatElseIsInTheTableStays() {
    kernel.createTable();
    TableEntry uplink = new TableEntry("uplinks", List.of("eth0"), List.of(), "network-nat");
    kernel.add(uplink);
    carryOut(attach(VIF, "none"));
    carryOut(GuestServices.detach(new Host(kernel), VIF));
    assertThat(kernel.table().orElseThrow()).containsExactly(uplink);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\"b", "77", "vif*"})
  void whatNftablesCannotBeToldIsRefused(String name) {
    VifDevice vif = new VifDevice("vif7.0", Optional.of(name));
    assertThatThrownBy(() -> attach(vif, "none")).isInstanceOf(RefusedException.class);
  }

  /** Of network-nat there is nothing then. */
  @Test
  void thatTableIsNoneOfNetworkNats() {
    carryOut(attach(VIF, "none"));
    assertThat(GuestServices.areAll(kernel.table().orElseThrow())).isTrue();
    kernel.add(new TableEntry("uplinks", List.of("eth0"), List.of(), "network-nat"));
    assertThat(GuestServices.areAll(kernel.table().orElseThrow())).isFalse();
    assertThat(Stream.of(GuestServices.areAll(List.of()))).containsExactly(false);
  }
}
