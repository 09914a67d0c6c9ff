package org.passerelle.lab.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TeardownTest {
  private final List<String> done = new ArrayList<>();
  private final Teardown teardown = new Teardown();

  @Test
  void undoesTheLastFirst() {
    teardown.add("first", () -> done.add("first"));
    teardown.add("second", () -> done.add("second"));
    assertThat(teardown.run()).isEmpty();
    assertThat(done).containsExactly("second", "first");
  }

  @Test
  void goesOnAfterAFailureAndNamesIt() {
    teardown.add("first", () -> done.add("first"));
    teardown.add(
        "second",
        () -> {
          throw new IOException("no way");
        });
    assertThat(teardown.run()).containsExactly("second: no way");
    assertThat(done).containsExactly("first");
  }

  @Test
  void isNotStoppedByAnInterruptionAndKeepsIt() {
    teardown.add(
        "waits",
        () -> {
          Thread.sleep(1);
          done.add("waited");
        });
    Thread.currentThread().interrupt();
    assertThat(teardown.run()).isEmpty();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(done).containsExactly("waited");
  }

  @Test
  void doesEverythingOnce() {
    teardown.add("once", () -> done.add("once"));
    teardown.run();
    teardown.run();
    assertThat(done).hasSize(1);
  }
}
