package org.passerelle.link.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.passerelle.link.os.Capability;
import org.passerelle.link.os.HostCapability;

class NeedsConditionTest {
  private static final Function<Capability, HostCapability> HAS_ALL =
      capability -> new HostCapability(capability, true, "", "");

  private static final Function<Capability, HostCapability> HAS_NONE =
      capability -> new HostCapability(capability, false, "no such luck", capability.remedy());

  @Test
  void runsWhereNothingIsMissing() {
    assertThat(decide(HAS_ALL, true, Capability.TAP, Capability.XEN).isDisabled()).isFalse();
    assertThat(decide(HAS_NONE, true).isDisabled()).isFalse();
  }

  @Test
  void skipsWithCapabilityCauseAndRemedy() {
    ConditionEvaluationResult result = decide(HAS_NONE, false, Capability.TAP);
    assertThat(result.isDisabled()).isTrue();
    assertThat(result.getReason())
        .contains("needs TAP (tap devices): no such luck; run as root; modprobe tun");
  }

  @Test
  void failsInCiForWhatCiMustHave() {
    assertThatThrownBy(() -> decide(HAS_NONE, true, Capability.LIBPCAP))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("LIBPCAP")
        .hasMessageContaining("apt-get install libpcap0.8");
  }

  @Test
  void skipsInCiForWhatCiCannotHave() {
    assertThat(decide(HAS_NONE, true, Capability.XEN).isDisabled()).isTrue();
  }

  private static ConditionEvaluationResult decide(
      Function<Capability, HostCapability> host, boolean ci, Capability... asked) {
    return NeedsCondition.decide(List.of(asked), host, ci);
  }
}
