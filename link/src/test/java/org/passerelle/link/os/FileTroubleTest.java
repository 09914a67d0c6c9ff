package org.passerelle.link.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.passerelle.link.rtnl.KernelException;

class FileTroubleTest {
  /** Which nobody may change, whatever he is. */
  private static final Path UNCHANGEABLE = Path.of("/proc/sys/kernel/random/boot_id");

  @Test
  void whatNeedsRootSaysSo() {
    IOException refused =
        catchThrowableOfType(
            IOException.class, () -> Files.newByteChannel(UNCHANGEABLE, StandardOpenOption.WRITE));
    assertThat(FileTrouble.text("write it", refused))
        .isEqualTo("write it: EACCES (13, Permission denied): run it as root");
    FileSystemException forbidden = new FileSystemException("x", null, "Operation not permitted");
    assertThat(FileTrouble.text("remove x", forbidden))
        .isEqualTo("remove x: EPERM (1, Operation not permitted): run it as root");
  }

  @Test
  void soDoesWhatIsReadOnly() {
    FileSystemException refused = new FileSystemException("x", null, "Read-only file system");
    assertThat(FileTrouble.text("write x", refused))
        .isEqualTo(
            "write x: EROFS (30, Read-only file system): mount it for writing, or name another"
                + " directory");
  }

  @Test
  void othersAreAsJavaHasThem() {
    assertThat(FileTrouble.text("read x", new NoSuchFileException("x")))
        .isEqualTo("read x: java.nio.file.NoSuchFileException: x");
  }

  @Test
  void aLockSaysSoToo() {
    assertThatExceptionOfType(KernelException.class)
        .isThrownBy(() -> ScriptLock.take(UNCHANGEABLE))
        .withMessage("lock " + UNCHANGEABLE + ": EACCES (13, Permission denied): run it as root");
  }
}
