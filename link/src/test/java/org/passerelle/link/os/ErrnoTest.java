package org.passerelle.link.os;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ErrnoTest {

  @Test
  void namesNumberAndText() {
    assertThat(Errno.describe(Errno.EBUSY)).isEqualTo("EBUSY (16, Device or resource busy)");
    assertThat(Errno.describe(1)).isEqualTo("EPERM (1, Operation not permitted)");
    assertThat(Errno.describe(Errno.ENOBUFS)).isEqualTo("ENOBUFS (105, No buffer space available)");
    assertThat(Errno.describe(132))
        .isEqualTo("ERFKILL (132, Operation not possible due to RF-kill)");
  }

  @Test
  void numbersWithoutANameStayNumbers() {
    assertThat(Errno.describe(41)).isEqualTo("errno 41");
    assertThat(Errno.describe(0)).isEqualTo("errno 0");
    assertThat(Errno.describe(5000)).isEqualTo("errno 5000");
  }
}
