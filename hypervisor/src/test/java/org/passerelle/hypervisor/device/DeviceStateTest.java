package org.passerelle.hypervisor.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.passerelle.hypervisor.device.DeviceEnd.BACKEND;
import static org.passerelle.hypervisor.device.DeviceEnd.FRONTEND;
import static org.passerelle.hypervisor.device.XenbusState.CLOSED;
import static org.passerelle.hypervisor.device.XenbusState.CLOSING;
import static org.passerelle.hypervisor.device.XenbusState.CONNECTED;
import static org.passerelle.hypervisor.device.XenbusState.INITIALISED;
import static org.passerelle.hypervisor.device.XenbusState.INITIALISING;
import static org.passerelle.hypervisor.device.XenbusState.INIT_WAIT;
import static org.passerelle.hypervisor.device.XenbusState.RECONFIGURED;
import static org.passerelle.hypervisor.device.XenbusState.UNKNOWN;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceStateTest {
  private final List<String> edges = new ArrayList<>();

  private DeviceState at(DeviceEnd end, XenbusState initial) {
    return new DeviceState(
        "vif1.0", end, initial, (from, to) -> edges.add(from.ordinal() + ">" + to.ordinal()));
  }

  @Nested
  class Backend {
    @ParameterizedTest
    @CsvSource({
      "INITIALISING, INIT_WAIT, 1>2",
      "INITIALISING, CONNECTED, 1>2 2>4",
      "INITIALISING, CLOSING,   1>2 2>5",
      "INITIALISING, CLOSED,    1>6",
      "INIT_WAIT,    CONNECTED, 2>4",
      "INIT_WAIT,    CLOSED,    2>5 5>6",
      "CONNECTED,    CLOSED,    4>5 5>6",
      "CONNECTED,    INIT_WAIT, 4>5 5>6 6>2",
      "CLOSING,      CONNECTED, 5>6 6>2 2>4",
      "CLOSED,       INIT_WAIT, 6>2",
      "CLOSED,       CONNECTED, 6>2 2>4",
      "CLOSED,       CLOSING,   6>5",
    })
    void stepsThroughTheStatesBetween(XenbusState from, XenbusState to, String way) {
      DeviceState state = at(BACKEND, from);
      assertThat(state.moveTo(to)).isTrue();
      assertThat(state.current()).isEqualTo(to);
      assertThat(String.join(" ", edges)).isEqualTo(way);
    }

    @Test
    void cannotBeToldToReconfigure() {
      assertThatThrownBy(() -> at(BACKEND, CONNECTED).moveTo(RECONFIGURED))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("BACKEND cannot go from CONNECTED to RECONFIGURED");
    }
  }

  @Nested
  class Frontend {
    @ParameterizedTest
    @CsvSource({
      "INITIALISING, CONNECTED,    1>4",
      "INITIALISING, INITIALISED,  1>3",
      "INITIALISED,  CONNECTED,    3>4",
      "INITIALISING, CLOSED,       1>5 5>6",
      "CONNECTED,    CLOSED,       4>5 5>6",
      "CLOSED,       CONNECTED,    6>1 1>4",
      "CONNECTED,    INITIALISING, 4>5 5>6 6>1",
    })
    void stepsThroughTheStatesBetween(XenbusState from, XenbusState to, String way) {
      DeviceState state = at(FRONTEND, from);
      assertThat(state.moveTo(to)).isTrue();
      assertThat(String.join(" ", edges)).isEqualTo(way);
    }
  }

  @Test
  void stayingPutCrossesNothing() {
    assertThat(at(BACKEND, CLOSED).moveTo(CLOSED)).isTrue();
    assertThat(edges).isEmpty();
  }

  @Test
  void anEdgeThatCannotBeCrossedLeavesTheStateBeforeIt() {
    DeviceState state =
        new DeviceState("vif1.0", BACKEND, INITIALISING, (from, to) -> to != CONNECTED);
    assertThat(state.moveTo(CONNECTED)).isFalse();
    assertThat(state.current()).isEqualTo(INIT_WAIT);
  }

  /** The moves of {@code set_backend_state}, and no others. */
  @Property
  void aBackendMakesOnlyTheMovesOfLinux(@ForAll List<XenbusState> goals) {
    Set<String> legal = Set.of("1>2", "1>6", "2>4", "2>5", "4>5", "5>6", "6>2", "6>5");
    edges.clear();
    DeviceState state = at(BACKEND, INITIALISING);
    goals.stream()
        .filter(goal -> Set.of(INIT_WAIT, CONNECTED, CLOSING, CLOSED).contains(goal))
        .forEach(state::moveTo);
    assertThat(legal).containsAll(edges);
  }

  @Property
  void aFrontendAlwaysArrives(@ForAll List<XenbusState> goals) {
    edges.clear();
    DeviceState state = at(FRONTEND, INITIALISING);
    for (XenbusState goal : goals) {
      if (Set.of(INITIALISING, INITIALISED, CONNECTED, CLOSING, CLOSED).contains(goal)) {
        state.moveTo(goal);
        assertThat(state.current()).isEqualTo(goal);
      }
    }
    assertThat(edges).doesNotContain("4>6", "1>6", "3>6");
  }

  @Test
  void theNumbersAreThoseOfXen() {
    assertThat(XenbusState.parse(Optional.of("4"))).isEqualTo(CONNECTED);
    assertThat(CLOSING.text()).isEqualTo("5");
    assertThat(RECONFIGURED.text()).isEqualTo("8");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "9", "44", "-1", " 4", "x", "\u0664"})
  void whatIsNoStateIsUnknown(String text) {
    assertThat(XenbusState.parse(Optional.of(text))).isEqualTo(UNKNOWN);
  }

  @Test
  void anAbsentNodeIsUnknown() {
    assertThat(XenbusState.parse(Optional.empty())).isEqualTo(UNKNOWN);
  }
}
