package org.passerelle.lab.switching;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SwitchThreadTest {
  @Test
  void whatIsToBeClosedIsClosedAlsoWhenWhoeverEndsItIsInterrupted() {
    List<String> closed = new ArrayList<>();
    SwitchThread thread = new SwitchThread();
    thread.closeLater(List.of(slow("one", closed), slow("two", closed)));
    Thread.currentThread().interrupt();
    thread.close();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(closed).containsExactly("one", "two");
  }

  private static AutoCloseable slow(String name, List<String> closed) {
    return () -> {
      Thread.sleep(100);
      closed.add(name);
    };
  }
}
