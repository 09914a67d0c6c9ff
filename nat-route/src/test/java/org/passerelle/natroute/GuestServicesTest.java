package org.passerelle.natroute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
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
import org.passerelle.link.rtnl.Kernel;
import org.passerelle.link.rtnl.KernelDecorator;
import org.passerelle.link.rtnl.TableEntry;
import org.passerelle.link.rtnl.TableKey;
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
    return attach(kernel, vif, words, Optional.empty());
  }

  private static Plan attach(
      Kernel on, VifDevice vif, String words, Optional<List<TableKey>> known) {
    return GuestServices.attach(new Host(on), vif, GuestServices.parse(words), known, true);
  }

  private static List<TableKey> places(VifDevice vif, String words) {
    return GuestServices.parse(words).orElseThrow().places(vif);
  }

  private Plan detach(VifDevice vif) {
    return attach(vif, "any");
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
    carryOut(detach(VIF));
    assertThat(table()).containsExactly("guests vif8.0");
    carryOut(detach(other));
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
    carryOut(detach(VIF));
    assertThat(kernel.table().orElseThrow()).containsExactly(uplink);
  }

  /** However many guests there are, what is asked of the filter is as much. */
  @Test
  void whatIsKnownIsLookedUpAndNoMore() {
    List<String> asked = new ArrayList<>();
    Kernel counting =
        new KernelDecorator(kernel) {
          @Override
          public Optional<List<TableEntry>> table() {
            throw new AssertionError("all of the table was asked for");
          }

          @Override
          public Optional<TableEntry> entry(TableKey key) {
            asked.add(key.text());
            return super.entry(key);
          }
        };
    for (int domain = 8; domain < 40; domain++) {
      carryOut(attach(new VifDevice("vif" + domain + ".0", Optional.empty()), "tcp:22"));
    }
    List<TableKey> none = List.of();
    carryOut(attach(counting, VIF, "tcp:22", Optional.of(none)));
    assertThat(asked).containsExactly("guests vif7.0", "services vif7.0 tcp 22");
    Optional<List<TableKey>> known = Optional.of(places(VIF, "tcp:22"));
    assertThat(attach(counting, VIF, "tcp:22", known).isEmpty()).isTrue();
    carryOut(attach(counting, VIF, "udp:53", known));
    known = Optional.of(places(VIF, "udp:53"));
    carryOut(GuestServices.detach(new Host(counting), VIF, known, false));
    assertThat(table()).hasSize(64).noneMatch(entry -> entry.contains("vif7.0"));
    assertThat(asked).hasSizeLessThan(16);
  }

  /** Of a mark that was lost the filter still knows. */
  @Test
  void whatNobodyKnewOfIsLookedFor() {
    carryOut(attach(VIF, "tcp:22,udp:53"));
    carryOut(attach(kernel, VIF, "tcp:22", Optional.of(List.of())));
    assertThat(table()).containsExactly("guests vif7.0", "services vif7.0 tcp 22");
    VifDevice heir = new VifDevice("vif9.0", Optional.of("vif7.0"));
    carryOut(attach(kernel, heir, "udp:1", Optional.of(places(heir, "udp:1"))));
    assertThat(table()).containsExactly("guests vif7.0", "services vif7.0 udp 1");
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
