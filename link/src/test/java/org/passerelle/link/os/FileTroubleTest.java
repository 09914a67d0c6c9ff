package org.passerelle.link.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.passerelle.link.rtnl.KernelException;

class FileTroubleTest {
  /** Which nobody may change, whatever he is. */
  private static final Path UNCHANGEABLE = Path.of("/proc/sys/kernel/random/boot_id");

  @Test
  void whatNeedsRootSaysSo() {
    IOException refused =
        catchThrowableOfType(
            IOException.class, () -> Files.newByteChannel(UNCHANGEABLE, StandardOpenOption.WRITE));
    assertThat(FileTrouble.text("write " + UNCHANGEABLE, refused))
        .isEqualTo("write " + UNCHANGEABLE + ": EACCES (13, Permission denied): run it as root");
    FileSystemException forbidden = new FileSystemException("x", null, Libc.strerror(Errno.EPERM));
    assertThat(FileTrouble.text("remove x", forbidden))
        .isEqualTo("remove x: EPERM (1, Operation not permitted): run it as root");
  }

  @Test
  void soDoesWhatIsReadOnly() {
    FileSystemException refused = new FileSystemException("x", null, Libc.strerror(Errno.EROFS));
    assertThat(FileTrouble.text("write x", refused))
        .isEqualTo(
            "write x: EROFS (30, Read-only file system): mount it for writing, or name another"
                + " directory");
  }

  /** By real refusals: whatever the words are in the language of this process. */
  @Test
  void othersHaveTheirErrnoAndTheFile(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "");
    Path inside = file.resolve("inside");
    assertThat(trouble("read " + inside, () -> Files.readString(inside)))
        .isEqualTo("read " + inside + ": ENOTDIR (20, Not a directory)");
    assertThat(trouble("list " + file, () -> Files.list(file)))
        .isEqualTo("list " + file + ": ENOTDIR (20, Not a directory)");
    assertThat(trouble("remove " + directory, () -> Files.delete(directory)))
        .isEqualTo("remove " + directory + ": ENOTEMPTY (39, Directory not empty)");
    assertThat(trouble("make all", () -> Files.createDirectory(file)))
        .isEqualTo("make all: " + file + ": EEXIST (17, File exists)");
    assertThat(trouble("read x", () -> Files.readString(Path.of("x"))))
        .isEqualTo("read x: ENOENT (2, No such file or directory)");
  }

  private static String trouble(String operation, ThrowingCallable refused) {
    return FileTrouble.text(operation, catchThrowableOfType(IOException.class, refused));
  }

  @Test
  void whatHasNoErrnoIsAsJavaHasIt() {
    assertThat(FileTrouble.text("read x", new FileSystemException("x", null, "odd")))
        .isEqualTo("read x: odd");
    assertThat(FileTrouble.text("read x", new IOException("odd"))).isEqualTo("read x: odd");
  }

  @Test
  void aLockSaysSoToo() {
    assertThatExceptionOfType(KernelException.class)
        .isThrownBy(() -> ScriptLock.take(UNCHANGEABLE))
        .withMessage("lock " + UNCHANGEABLE + ": EACCES (13, Permission denied): run it as root");
  }
}
