package org.passerelle.scripts.trunk;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.passerelle.link.os.Errno;
import org.passerelle.link.rtnl.KernelException;

class MainTest {
  private static int code(int errno) {
    return Main.codeOf(new KernelException("open", errno, Errno.describe(errno), ""));
  }

  @ParameterizedTest
  @ValueSource(ints = {Errno.ENOBUFS, Errno.EINTR, Errno.EAGAIN, Errno.ENETDOWN, Errno.ENOSPC})
  void whatPassesIsTriedAgain(int errno) {
    assertThat(code(errno)).isEqualTo(Main.FAILED);
  }

  @ParameterizedTest
  @ValueSource(ints = {Errno.EPERM, Errno.ENODEV, Errno.ENOENT, Errno.EOPNOTSUPP})
  void whatStaysIsNot(int errno) {
    assertThat(code(errno)).isEqualTo(Main.CANNOT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Too many open files", "No space left on device"})
  void soItIsWithFiles(String reason) {
    assertThat(Main.codeOf(new FileSystemException("x", null, reason))).isEqualTo(Main.FAILED);
  }

  @Test
  void whatNobodyMayWriteStaysSo() {
    assertThat(Main.codeOf(new AccessDeniedException("x"))).isEqualTo(Main.CANNOT);
    assertThat(Main.codeOf(new FileSystemException("x", null, "Read-only file system")))
        .isEqualTo(Main.CANNOT);
  }
}
