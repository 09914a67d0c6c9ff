package org.passerelle.link.os;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EventFdTest {

  @Test
  void manySignalsAreOneUntilItIsCleared() {
    try (EventFd event = new EventFd()) {
      assertThat(event.clear()).isFalse();
      event.signal();
      event.signal();
      assertThat(event.clear()).isTrue();
      assertThat(event.clear()).isFalse();
    }
  }
}
