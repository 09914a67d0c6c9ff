package org.passerelle.scripts.trunk;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.passerelle.link.os.Errno;
import org.passerelle.link.rtnl.KernelException;

class MainTest {
  private static int code(int errno) {
    return Main.codeOf(new KernelException("open", errno, Errno.describe(errno), ""));
  }

  @ParameterizedTest
  @ValueSource(ints = {Errno.ENOBUFS, Errno.EINTR, Errno.EAGAIN, Errno.ENETDOWN, Errno.EMFILE})
  void whatPassesIsTriedAgain(int errno) {
    assertThat(code(errno)).isEqualTo(Main.FAILED);
  }

  @ParameterizedTest
  @ValueSource(ints = {Errno.EPERM, Errno.ENODEV, Errno.ENOENT, Errno.EOPNOTSUPP})
  void whatStaysIsNot(int errno) {
    assertThat(code(errno)).isEqualTo(Main.CANNOT);
  }
}
