package org.passerelle.scripts.trunk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AttemptsTest {
  private static final String WHAT = "serve eth0.100";

  private final List<String> said = new ArrayList<>();
  private final Attempts attempts =
      new Attempts((level, message) -> said.add(level + " " + message));

  private void refuse(String why) {
    attempts.make(
        WHAT,
        () -> {
          throw new IllegalArgumentException(why);
        });
  }

  @Test
  void theSameTroubleIsSaidOnceUntilItsReasonChanges() {
    refuse("busy");
    refuse("busy");
    refuse("no room");
    refuse("no room");
    assertThat(said).containsExactly("WARNING " + WHAT + ": busy", "WARNING " + WHAT + ": no room");
  }

  @Test
  void whatHasComeRightIsSaidOnceAndWhatWasNeverWrongIsNot() {
    attempts.make(WHAT, () -> {});
    assertThat(said).isEmpty();
    refuse("busy");
    attempts.make(WHAT, () -> {});
    attempts.make(WHAT, () -> {});
    refuse("busy");
    assertThat(said)
        .containsExactly(
            "WARNING " + WHAT + ": busy",
            "INFO " + WHAT + ": done now",
            "WARNING " + WHAT + ": busy");
  }

  @Test
  void anotherOneOfTheNameHasTroubleOfItsOwn() {
    refuse("busy");
    attempts.forget(WHAT);
    refuse("busy");
    assertThat(said).hasSize(2);
  }
}
